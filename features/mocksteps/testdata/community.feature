Feature: Things happen, to some webhooks and not to others

  Scenario: each webhook gets its events
    Given a community of tryno
    And an inbox "joins" that answers "200"
    And an inbox "all" that answers "500, 200"
    And an inbox "none" that answers "200"
    And a webhook to the inbox "joins" for member.joined, post.created
    And a webhook to the inbox "all"
    And a webhook to "the receiver" for member.joined
    When member.joined happens 2 times
    And payment.completed happens
    Then the inbox "joins" got 2 requests of member.joined
    And the inbox "joins" got 0 requests of payment.completed
    And the inbox "all" got 4 requests
    And the inbox "none" got nothing
    And the delivery of payment.completed to the inbox "all" is acknowledged after 1 attempt
    And attempt 1 of payment.completed was answered 200
    And every delivery of member.joined is acknowledged
    And every delivery to "the receiver" is acknowledged after 1 attempt
    And the webhook to the inbox "all" is still on

  Scenario: a payload of one's own
    Given a community of tryno
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When post.created happens with the payload:
      """
      {"event": "post.created", "made": "by hand"}
      """
    Then the inbox "shop" got 1 request of post.created

  Scenario: an action and a story
    Given a community of tribe
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When the action join is done
    Then the inbox "shop" got 1 request of member.created
    When the story newcomer is told in the community
    Then the inbox "shop" got 6 requests
    And every delivery is acknowledged

  Scenario: a webhook is switched off, on, and deleted
    Given a community of tribe
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When the webhook is turned off
    And member.created happens
    Then the inbox "shop" got nothing
    When the webhook to the inbox "shop" is turned on
    And member.created happens
    Then the inbox "shop" got 1 request
    When the webhook is deleted
    And member.created happens
    Then the inbox "shop" got 1 request

  Scenario: a delivery that was given up is sent again by hand
    Given a community of tribe
    And an inbox "shop" that answers "500x5, 200"
    And a webhook to the inbox "shop"
    When member.created happens
    And everything settles
    Then the delivery is exhausted after 5 attempts
    When the delivery is redelivered
    Then the delivery of member.created is acknowledged after 6 attempts

  Scenario: faults of the whole community
    Given a community of tribe
    And the faults "delay 10m"
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When member.created happens
    Then the delivery is pending
    When the clock moves by 10m
    Then the attempts of member.created came at "10m"

  Scenario: on a real clock
    Given a community of tribe on a real clock
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When the clock is paused
    And member.created happens
    Then the inbox "shop" got nothing
    When the clock is resumed
    And everything settles
    Then every delivery is acknowledged after 1 attempt
    When member.updated happens
    Then the inbox "shop" got 1 request of member.updated
    And the attempts of member.updated came at "0s"
