@receiver
Feature: The receiver follows a story
  The events of a story are about one member, post or campaign, and come in the order in which they happen. The story skips
  a step for which the platform documents no event. Later revisions than those of the seeds have more stories.

  @ACK-7
  Scenario Outline: <platform>: the story <story> is acknowledged
    Given a receiver of <platform>
    When the story <story> is told to the receiver
    Then every one of them is acknowledged

    @ambassify @should
    Examples:
      | platform  | story             |
      | ambassify | campaign          |
      | ambassify | campaign-rejected |
      | ambassify | leaver            |
      | ambassify | newcomer          |

    @mighty @should
    Examples:
      | platform | story          |
      | mighty   | conversation   |
      | mighty   | moderation     |
      | mighty   | rsvp-withdrawn |
      | mighty   | subscriber     |

    @tribe @should
    Examples:
      | platform | story              |
      | tribe    | invitation-expires |
      | tribe    | leaver             |
      | tribe    | newcomer           |

    @tryno @should
    Examples:
      | platform | story             |
      | tryno    | event-guest       |
      | tryno    | graduate          |
      | tryno    | leaver            |
      | tryno    | purchase-refunded |
