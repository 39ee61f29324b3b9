@sender
Feature: The test call
  It sends test.ping at once, and says what came back and how fast.

  @SND-9
  Scenario Outline: <platform>: the test call reports <status> from the endpoint
    Given a webhook of <platform> that answers <status>
    When the test call is made
    Then it reports the status <status> and a response time
    And the webhook was sent a signed test.ping

    @tryno @must
    Examples:
      | platform | status |
      | tryno    | 200    |
      | tryno    | 404    |
      | tryno    | 503    |
