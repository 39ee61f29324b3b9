@receiver
Feature: The receiver is given rubbish
  What is here is correctly signed, since what is under test is the reading of the body; the bodies of BAD-2 come without a
  proof too, as from anyone. A receiver that takes no forms is not sent broken ones. Answered is any complete answer with a
  status below 500. A receiver that stores first and reads later may acknowledge what it cannot read; refusing it at once
  is better. A byte order mark may be skipped, so that a body after one need not be refused.

  @BAD-1
  Scenario Outline: <platform>: malformed JSON, <malformation>, is answered
    Given a receiver of <platform> that acknowledges good deliveries
    When malformed JSON is delivered, <malformation>
    Then every one of them is answered
    And a good delivery after each of them is acknowledged

    @mighty @must
    Examples:
      | platform | malformation                     |
      | mighty   | cut at every tenth of its length |
      | mighty   | with a trailing comma            |
      | mighty   | in single quotes                 |
      | mighty   | with NaN in it                   |
      | mighty   | with bytes that are not UTF-8    |
      | mighty   | after a byte order mark          |

    @tryno @must
    Examples:
      | platform | malformation                     |
      | tryno    | cut at every tenth of its length |
      | tryno    | with a trailing comma            |
      | tryno    | in single quotes                 |
      | tryno    | with NaN in it                   |
      | tryno    | with bytes that are not UTF-8    |
      | tryno    | after a byte order mark          |

    @ambassify @must
    Examples:
      | platform  | malformation                     |
      | ambassify | cut at every tenth of its length |
      | ambassify | with a trailing comma            |
      | ambassify | in single quotes                 |
      | ambassify | with NaN in it                   |
      | ambassify | with bytes that are not UTF-8    |
      | ambassify | after a byte order mark          |

    @tribe @must
    Examples:
      | platform | malformation                     |
      | tribe    | cut at every tenth of its length |
      | tribe    | with a trailing comma            |
      | tribe    | in single quotes                 |
      | tribe    | with NaN in it                   |
      | tribe    | with bytes that are not UTF-8    |
      | tribe    | after a byte order mark          |

  @BAD-1
  Scenario Outline: <platform>: malformed JSON, <malformation>, is refused
    Given a receiver of <platform> that acknowledges good deliveries
    When malformed JSON is delivered, <malformation>
    Then every one of them is rejected
    And a good delivery after each of them is acknowledged

    @mighty @should
    Examples:
      | platform | malformation                     |
      | mighty   | cut at every tenth of its length |
      | mighty   | with a trailing comma            |
      | mighty   | in single quotes                 |
      | mighty   | with NaN in it                   |
      | mighty   | with bytes that are not UTF-8    |

    @tryno @should
    Examples:
      | platform | malformation                     |
      | tryno    | cut at every tenth of its length |
      | tryno    | with a trailing comma            |
      | tryno    | in single quotes                 |
      | tryno    | with NaN in it                   |
      | tryno    | with bytes that are not UTF-8    |

    @ambassify @should
    Examples:
      | platform  | malformation                     |
      | ambassify | cut at every tenth of its length |
      | ambassify | with a trailing comma            |
      | ambassify | in single quotes                 |
      | ambassify | with NaN in it                   |
      | ambassify | with bytes that are not UTF-8    |

    @tribe @should
    Examples:
      | platform | malformation                     |
      | tribe    | cut at every tenth of its length |
      | tribe    | with a trailing comma            |
      | tribe    | in single quotes                 |
      | tribe    | with NaN in it                   |
      | tribe    | with bytes that are not UTF-8    |

  @BAD-1
  Scenario Outline: <platform>: a broken form, <malformation>, is answered
    Given a receiver of <platform> that acknowledges good deliveries
    When a broken form is delivered, <malformation>
    Then every one of them is answered
    And a good delivery after each of them is acknowledged

    @ambassify @must
    Examples:
      | platform  | malformation                 |
      | ambassify | a lone percent sign          |
      | ambassify | an escape without digits     |
      | ambassify | an escape that is not UTF-8  |
      | ambassify | a bracket that is not closed |
      | ambassify | nothing but separators       |
      | ambassify | 10,000 names                 |

  @BAD-1
  Scenario Outline: <platform>: a broken form, <malformation>, is refused
    Given a receiver of <platform> that acknowledges good deliveries
    When a broken form is delivered, <malformation>
    Then every one of them is rejected
    And a good delivery after each of them is acknowledged

    @ambassify @should
    Examples:
      | platform  | malformation             |
      | ambassify | a lone percent sign      |
      | ambassify | an escape without digits |

  @BAD-2
  Scenario Outline: <platform>: the body <body> is answered
    Given a receiver of <platform> that acknowledges good deliveries
    When the body <body> is delivered
    Then it is answered
    And a good delivery after each of them is acknowledged

    @mighty @must
    Examples:
      | platform | body    |
      | mighty   | (empty) |
      | mighty   | null    |
      | mighty   | true    |
      | mighty   | 42      |
      | mighty   | "x"     |
      | mighty   | []      |
      | mighty   | {}      |

    @tryno @must
    Examples:
      | platform | body    |
      | tryno    | (empty) |
      | tryno    | null    |
      | tryno    | true    |
      | tryno    | 42      |
      | tryno    | "x"     |
      | tryno    | []      |
      | tryno    | {}      |

    @ambassify @must
    Examples:
      | platform  | body    |
      | ambassify | (empty) |
      | ambassify | null    |
      | ambassify | true    |
      | ambassify | 42      |
      | ambassify | "x"     |
      | ambassify | []      |
      | ambassify | {}      |

    @tribe @must
    Examples:
      | platform | body    |
      | tribe    | (empty) |
      | tribe    | null    |
      | tribe    | true    |
      | tribe    | 42      |
      | tribe    | "x"     |
      | tribe    | []      |
      | tribe    | {}      |
