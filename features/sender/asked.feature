@sender
Feature: What an answer asks for
  Only where the community was told to heed it: no platform documents that it does. Standard Webhooks asks it of senders.

  @SND-11
  Scenario Outline: <platform>: an answer that asks to wait <waiting> than the schedule does is heeded
    Given a webhook of <platform> that asks to wait <waiting> than the schedule does, with Retry-After honoured
    When an event happens and its schedule runs out
    Then the attempts are as far apart as the schedule and the answers say
    And no other attempt follows

    @mighty @should
    Examples:
      | platform | waiting   |
      | mighty   | longer    |
      | mighty   | no longer |

    @tryno @should
    Examples:
      | platform | waiting   |
      | tryno    | longer    |
      | tryno    | no longer |

    @ambassify @should
    Examples:
      | platform  | waiting   |
      | ambassify | longer    |
      | ambassify | no longer |

    @tribe @should
    Examples:
      | platform | waiting   |
      | tribe    | longer    |
      | tribe    | no longer |

  @SND-11
  Scenario Outline: <platform>: an endpoint that is gone is not asked again
    Given a webhook of <platform> that answers 410, which means gone
    When an event happens and its schedule runs out
    Then it is given up at attempt 1
    And no other attempt follows
    And it is not sent the next event

    @mighty @should
    Examples:
      | platform |
      | mighty   |

    @tryno @should
    Examples:
      | platform |
      | tryno    |

    @ambassify @should
    Examples:
      | platform  |
      | ambassify |

    @tribe @should
    Examples:
      | platform |
      | tribe    |
