@sender
Feature: Who is sent what
  Webhooks are registered and changed through the webhook API of the platform.

  @SND-5
  Scenario Outline: <platform>: nothing is sent once the webhook is <gone>, also in the middle of the schedule
    Given a webhook of <platform> that answers 500
    When an event happens and its first attempt fails
    And the webhook is <gone> by its owner
    Then no other attempt follows

    @tryno @must
    Examples:
      | platform | gone        |
      | tryno    | deleted     |
      | tryno    | deactivated |

  @SND-6
  Scenario Outline: <platform>: a webhook that keeps failing is switched off
    Given a webhook of <platform> that answers 500
    When an event happens and its schedule runs out
    Then the sender's webhook is switched off
    And it is not sent the next event

    @tryno @must
    Examples:
      | platform |
      | tryno    |

  @SND-6
  Scenario Outline: <platform>: an acknowledgement begins the count of failures anew
    Given a webhook of <platform> that fails one time short of being disabled, and then answers 200
    When an event happens and its schedule runs out
    And an event happens and its schedule runs out
    Then the sender's webhook is still on

    @tryno @must
    Examples:
      | platform |
      | tryno    |

  @SND-7
  Scenario Outline: <platform>: a webhook is sent the events that it subscribed to, each once
    Given webhooks of <platform> for member.joined, for payment.completed, and for both
    When member.joined, payment.completed and post.created happen
    Then each webhook was sent its events, each once

    @tryno @must
    Examples:
      | platform |
      | tryno    |
