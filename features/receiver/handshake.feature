@receiver
Feature: The receiver answers the handshake
  Tribe asks a URL to prove itself before it is saved: a signed TEST message, whose challenge must come back. Tryno sends
  test.ping when its test call is made.

  @HSK-1
  Scenario Outline: <platform>: the TEST challenge is answered
    Given a receiver of <platform>
    When a TEST challenge is delivered
    Then it is answered with the same challenge

    @tribe @must
    Examples:
      | platform |
      | tribe    |

  @HSK-2
  Scenario Outline: <platform>: a TEST challenge <fault> is not answered as if it were right
    Given a receiver of <platform> that answers a signed TEST challenge
    When a TEST challenge is delivered <fault>
    Then it is not answered with the challenge
    And a good delivery after them is acknowledged

    @tribe @must
    Examples:
      | platform | fault                      |
      | tribe    | without its signature      |
      | tribe    | signed with a wrong secret |

  @HSK-3
  Scenario Outline: <platform>: <ping> is acknowledged
    Given a receiver of <platform>
    When <ping> is delivered
    Then it is acknowledged

    @tryno @must
    Examples:
      | platform | ping      |
      | tryno    | test.ping |
