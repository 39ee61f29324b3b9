@sender
Feature: The webhook API opens to nobody else
  What was asked for must not have happened either: the webhook is as it was, and was sent nothing.

  @API-2
  Scenario Outline: <platform>: <call> with <token> is refused
    Given a webhook of <platform> that answers 200
    When <call> is called with <token>
    Then it is refused, as the contract says
    And the webhook is as it was

    @tryno @must
    Examples:
      | platform | call            | token                          |
      | tryno    | listWebhooks    | no token                       |
      | tryno    | listWebhooks    | a wrong token                  |
      | tryno    | listWebhooks    | the token of another community |
      | tryno    | createWebhook   | no token                       |
      | tryno    | createWebhook   | a wrong token                  |
      | tryno    | createWebhook   | the token of another community |
      | tryno    | updateWebhook   | no token                       |
      | tryno    | updateWebhook   | a wrong token                  |
      | tryno    | updateWebhook   | the token of another community |
      | tryno    | deleteWebhook   | no token                       |
      | tryno    | deleteWebhook   | a wrong token                  |
      | tryno    | deleteWebhook   | the token of another community |
      | tryno    | testWebhook     | no token                       |
      | tryno    | testWebhook     | a wrong token                  |
      | tryno    | testWebhook     | the token of another community |
      | tryno    | listWebhookLogs | no token                       |
      | tryno    | listWebhookLogs | a wrong token                  |
      | tryno    | listWebhookLogs | the token of another community |
