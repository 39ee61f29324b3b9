@sender
Feature: What becomes of an attempt
  The webhook is an inbox of the server under test, which answers by a script. Schedules run out on a virtual clock.

  @SND-1
  Scenario Outline: <platform>: an acknowledged delivery is attempted once
    Given a webhook of <platform> that answers 200
    When an event happens and its schedule runs out
    Then it is acknowledged at attempt 1
    And it is sent with the content type of its contract
    And no other attempt follows

    @mighty @must
    Examples:
      | platform |
      | mighty   |

    @tryno @must
    Examples:
      | platform |
      | tryno    |

    @ambassify @must
    Examples:
      | platform  |
      | ambassify |

    @tribe @must
    Examples:
      | platform |
      | tribe    |

  @SND-3
  Scenario Outline: <platform>: every attempt has the same id and body, and is signed for itself
    Given a webhook of <platform> that answers 500
    When an event happens and its attempts are made one by one
    Then every attempt has the same id and body
    And every attempt is signed for itself

    @mighty @must
    Examples:
      | platform |
      | mighty   |

    @tryno @must
    Examples:
      | platform |
      | tryno    |

    @ambassify @must
    Examples:
      | platform  |
      | ambassify |

    @tribe @must
    Examples:
      | platform |
      | tribe    |

  @SND-4
  Scenario Outline: <platform>: <answer> counts as <outcome>
    Given a webhook of <platform> that answers <answer> and then 200
    When an event happens and its schedule runs out
    Then the first attempt counts as <outcome>

    @mighty @must
    Examples:
      | platform | answer    | outcome            |
      | mighty   | 200       | an acknowledgement |
      | mighty   | 201       | a failure          |
      | mighty   | 202       | a failure          |
      | mighty   | 204       | a failure          |
      | mighty   | 302       | a failure          |
      | mighty   | 404       | a failure          |
      | mighty   | 410       | a failure          |
      | mighty   | 500       | a failure          |
      | mighty   | 503       | a failure          |
      | mighty   | timeout   | a failure          |
      | mighty   | reset     | a failure          |
      | mighty   | empty     | a failure          |
      | mighty   | malformed | a failure          |
      | mighty   | cut       | a failure          |

    @tryno @must
    Examples:
      | platform | answer    | outcome            |
      | tryno    | 200       | an acknowledgement |
      | tryno    | 201       | an acknowledgement |
      | tryno    | 202       | an acknowledgement |
      | tryno    | 204       | an acknowledgement |
      | tryno    | 302       | an acknowledgement |
      | tryno    | 400       | a failure          |
      | tryno    | 404       | a failure          |
      | tryno    | 410       | a failure          |
      | tryno    | 500       | a failure          |
      | tryno    | 503       | a failure          |
      | tryno    | timeout   | a failure          |
      | tryno    | reset     | a failure          |
      | tryno    | empty     | a failure          |
      | tryno    | malformed | a failure          |
      | tryno    | cut       | a failure          |

    @ambassify @must
    Examples:
      | platform  | answer    | outcome            |
      | ambassify | 200       | an acknowledgement |
      | ambassify | 201       | an acknowledgement |
      | ambassify | 202       | an acknowledgement |
      | ambassify | 204       | an acknowledgement |
      | ambassify | 302       | a failure          |
      | ambassify | 404       | a failure          |
      | ambassify | 410       | a failure          |
      | ambassify | 500       | a failure          |
      | ambassify | 503       | a failure          |
      | ambassify | timeout   | a failure          |
      | ambassify | reset     | a failure          |
      | ambassify | empty     | a failure          |
      | ambassify | malformed | a failure          |
      | ambassify | cut       | a failure          |

    @tribe @must
    Examples:
      | platform | answer    | outcome            |
      | tribe    | 200       | an acknowledgement |
      | tribe    | 201       | an acknowledgement |
      | tribe    | 202       | an acknowledgement |
      | tribe    | 204       | an acknowledgement |
      | tribe    | 302       | a failure          |
      | tribe    | 404       | a failure          |
      | tribe    | 410       | a failure          |
      | tribe    | 500       | a failure          |
      | tribe    | 503       | a failure          |
      | tribe    | timeout   | a failure          |
      | tribe    | reset     | a failure          |
      | tribe    | empty     | a failure          |
      | tribe    | malformed | a failure          |
      | tribe    | cut       | a failure          |

  @SND-10
  Scenario Outline: <platform>: after <failures> failures a delivery is acknowledged at attempt <attempt>
    Given a webhook of <platform> that fails <failures> times and then answers 200
    When an event happens and its schedule runs out
    Then it is acknowledged at attempt <attempt>
    And no other attempt follows

    @mighty @must
    Examples:
      | platform | failures | attempt |
      | mighty   | 0        | 1       |
      | mighty   | 1        | 2       |
      | mighty   | 2        | 3       |
      | mighty   | 3        | 4       |
      | mighty   | 4        | 5       |
      | mighty   | 5        | 6       |

    @tryno @must
    Examples:
      | platform | failures | attempt |
      | tryno    | 0        | 1       |
      | tryno    | 1        | 2       |
      | tryno    | 2        | 3       |
      | tryno    | 3        | 4       |
      | tryno    | 4        | 5       |

    @ambassify @must
    Examples:
      | platform  | failures | attempt |
      | ambassify | 0        | 1       |
      | ambassify | 1        | 2       |
      | ambassify | 2        | 3       |
      | ambassify | 3        | 4       |
      | ambassify | 4        | 5       |
      | ambassify | 5        | 6       |

    @tribe @must
    Examples:
      | platform | failures | attempt |
      | tribe    | 0        | 1       |
      | tribe    | 1        | 2       |
      | tribe    | 2        | 3       |
      | tribe    | 3        | 4       |
      | tribe    | 4        | 5       |
