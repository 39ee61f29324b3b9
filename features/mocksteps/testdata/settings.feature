Feature: The community and its sender are as a feature wants them

  Scenario: the sender waits as long as it is asked to
    Given a community of tribe with the seed 7
    And Retry-After is honoured
    And an inbox "shop" that answers "429 retry-after 3600, 200"
    And a webhook to the inbox "shop"
    When member.created happens
    And everything settles
    Then the attempts came at "0s, 1h"

  Scenario: an endpoint that is gone is left alone
    Given a community of tribe
    And a 410 means gone
    And an inbox "shop" that answers "410"
    And a webhook to the inbox "shop"
    When member.created happens
    And everything settles
    Then the delivery is canceled after 1 attempt
    And the webhook is switched off

  Scenario: another schedule, and a time limit
    Given a community of tribe@2021-12 from "2025-11-07T12:00:00Z"
    And an inbox "shop" that answers "timeout"
    And the retry schedule "1m, 1h"
    And a time limit of 50ms
    And a webhook to the inbox "shop"
    When member.created happens
    And everything settles
    Then the attempts came at "0s, 1m, 1h1m"
    And attempt 3 failed with timeout

  Scenario: settings come in any order, before the first webhook
    Given a community of tribe
    And an inbox "shop" that answers "500"
    And an inbox "shop" that answers "200"
    And the faults "when attempt 1: lost"
    And the retry schedule "1h"
    And a webhook to the inbox "shop"
    When member.created happens
    And everything settles
    Then the attempts came at "0s, 1h"
    And attempt 1 failed with timeout
    And attempt 2 was answered 200

  Scenario: no retries
    Given a community of tribe
    And the retry schedule ""
    And an inbox "shop" that answers "500"
    And a webhook to the inbox "shop"
    When member.created happens
    Then the delivery is exhausted after 1 attempt

  Scenario: jitter makes delays longer
    Given a community of tribe with the seed 7 from "2025-11-07T12:00:00Z"
    And jitter of 50%
    And an inbox "shop" that answers "500"
    And a webhook to the inbox "shop"
    When member.created happens
    And the clock moves by 5s
    Then the delivery is waiting after 1 attempt
    When the clock moves by 2500ms
    Then the delivery is waiting after 2 attempts

  Scenario: Standard Webhooks, while the secret is replaced
    Given a community of mighty
    And deliveries are signed as Standard Webhooks
    And the secret "whsec_dGhlIGZpcnN0IG9mIHR3byBzZWNyZXRz"
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When the secret is rotated with an overlap of 24h
    And EventCreated happens
    And the secret of the webhook to the inbox "shop" is rotated to "whsec_dGhlIHNlY29uZCBvZiB0d28gc2VjcmV0cw=="
    And EventCreated happens
    Then the inbox "shop" got 2 requests
    And the requests are correctly signed
