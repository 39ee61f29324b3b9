Feature: A shop that is down for a while gets its events all the same

  Scenario: five retries, and then no more
    Given a community of mighty
    And an inbox "shop" that answers "503"
    And a webhook to the inbox "shop"
    When EventCreated happens
    Then the inbox "shop" got 1 request
    And the delivery is waiting after 1 attempt
    When everything settles
    Then the attempts came at "0s, 5s, 5m5s, 35m5s, 2h35m5s, 7h35m5s"
    And the delivery is exhausted after 6 attempts
    And the requests have the same body, byte for byte

  Scenario: it recovers in time
    Given a community of mighty
    And an inbox "shop" that answers "503x2, reset, 200"
    And a webhook to the inbox "shop" for EventCreated
    When EventCreated happens
    And the clock moves to the next attempt
    And the clock moves by 5m
    And the clock moves by 30m
    Then the delivery is acknowledged after 4 attempts
    And attempt 2 was answered 503
    And attempt 3 failed with reset
    When everything settles
    Then the inbox "shop" got 4 requests of EventCreated

  Scenario: the acknowledgement is lost, and the shop is asked again
    Given a community of tribe
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When member.created happens with the faults "when attempt 1: lost"
    And everything settles
    Then attempt 1 failed with timeout
    And attempt 2 was answered 200
    And the delivery is acknowledged after 2 attempts
    And the inbox "shop" got 2 requests
    And the requests have the same body, byte for byte
    And the requests are correctly signed

  Scenario: a delivery comes twice
    Given a community of tribe
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    And the webhook has the faults "duplicate x2"
    When member.created happens
    Then the delivery is acknowledged after 1 attempt
    But the inbox "shop" got 2 requests of member.created
    And the requests to the inbox "shop" have the same body, byte for byte
