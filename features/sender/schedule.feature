@sender
Feature: The retry schedule
  Retries are as many and as far apart as the contract of the platform says, and then there are no more.

  @SND-2
  Scenario Outline: <platform>: a delivery that always fails is tried as the schedule says
    Given a webhook of <platform> that answers 500
    When an event happens and its schedule runs out
    Then the attempts are as many and as far apart as the schedule says
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
