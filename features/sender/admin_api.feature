@sender
Feature: The webhook API answers as its contract says
  Status, headers and body of every answer are compared with the OpenAPI document of the platform.

  @API-1
  Scenario Outline: <platform>: <call> answers as documented
    Given a webhook of <platform> that answers 200
    When <call> is called
    Then it succeeds, as the contract says

    @tryno @must
    Examples:
      | platform | call            |
      | tryno    | listWebhooks    |
      | tryno    | createWebhook   |
      | tryno    | updateWebhook   |
      | tryno    | deleteWebhook   |
      | tryno    | testWebhook     |
      | tryno    | listWebhookLogs |

  @API-1
  Scenario Outline: <platform>: <call> <misuse> is answered <code>
    Given a webhook of <platform> that answers 200
    When <call> is called <misuse>
    Then it is answered <code>, as the contract says

    @tryno @must
    Examples:
      | platform | call            | misuse                           | code                |
      | tryno    | createWebhook   | without a url                    | VALIDATION_ERROR    |
      | tryno    | createWebhook   | without events                   | VALIDATION_ERROR    |
      | tryno    | createWebhook   | with a url that is no address    | VALIDATION_ERROR    |
      | tryno    | createWebhook   | with an unknown event            | VALIDATION_ERROR    |
      | tryno    | createWebhook   | with a body that is not JSON     | VALIDATION_ERROR    |
      | tryno    | updateWebhook   | with an unknown event            | VALIDATION_ERROR    |
      | tryno    | updateWebhook   | with a body that is not JSON     | VALIDATION_ERROR    |
      | tryno    | listWebhooks    | with a page of 0                 | VALIDATION_ERROR    |
      | tryno    | listWebhookLogs | with a page of 0                 | VALIDATION_ERROR    |
      | tryno    | listWebhooks    | of a community that is not there | RESOURCE_NOT_FOUND  |
      | tryno    | updateWebhook   | of a webhook that is not there   | RESOURCE_NOT_FOUND  |
      | tryno    | deleteWebhook   | of a webhook that is not there   | RESOURCE_NOT_FOUND  |
      | tryno    | testWebhook     | of a webhook that is not there   | RESOURCE_NOT_FOUND  |
      | tryno    | listWebhookLogs | of a webhook that is not there   | RESOURCE_NOT_FOUND  |
      | tryno    | listWebhooks    | more often than the limit        | RATE_LIMIT_EXCEEDED |
