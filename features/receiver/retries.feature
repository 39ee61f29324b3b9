@receiver
Feature: The receiver is asked again after its answer was lost
  A mock of the platform delivers, and its schedule is run through on a virtual clock. Each answer of the receiver is
  recorded, and lost on the way to the platform, until the platform gives up. Tryno sends test.ping once, and is not
  asked to try again.

  @RTY-1
  Scenario Outline: <platform> <event>: every retry is acknowledged when the answers are lost
    Given a receiver of <platform> that acknowledges <event>
    When <event> is delivered and every answer to it is lost
    Then the platform tries as often as its schedule says
    And every one of them is acknowledged

    @ambassify @must
    Examples:
      | platform  | event               |
      | ambassify | campaign.created    |
      | ambassify | campaign.changed    |
      | ambassify | campaign.removed    |
      | ambassify | interaction.created |
      | ambassify | interaction.changed |
      | ambassify | interaction.removed |
      | ambassify | conversion.created  |
      | ambassify | conversion.changed  |
      | ambassify | conversion.removed  |
      | ambassify | person.created      |
      | ambassify | person.changed      |
      | ambassify | person.removed      |

    @ambassify @should
    Examples:
      | platform  | event                        |
      | ambassify | campaign.published_community |
      | ambassify | campaign.published_landing   |

    @mighty @must
    Examples:
      | platform | event                      |
      | mighty   | MemberBadgeAdded           |
      | mighty   | EventCreated               |
      | mighty   | MemberRemovedFromBundle    |
      | mighty   | MemberPurchaseRequested    |
      | mighty   | MemberTagRemoved           |
      | mighty   | CustomFieldResponseCreated |
      | mighty   | MemberPurchased            |
      | mighty   | MemberSubscriptionCanceled |
      | mighty   | RsvpDeleted                |
      | mighty   | PostCreated                |
      | mighty   | QuestionCreated            |
      | mighty   | PercentagePollUpdated      |
      | mighty   | CommentCreated             |
      | mighty   | ReactionCreated            |
      | mighty   | ReactionDeleted            |
      | mighty   | ReportedContentCreated     |

    @tribe @must
    Examples:
      | platform | event                      |
      | tribe    | member.created             |
      | tribe    | member.verified            |
      | tribe    | member.updated             |
      | tribe    | member_invitation.accepted |

    @tribe @should
    Examples:
      | platform | event                      |
      | tribe    | member.deleted             |
      | tribe    | member_invitation.created  |
      | tribe    | member_invitation.rejected |

    @tryno @must
    Examples:
      | platform | event               |
      | tryno    | member.joined       |
      | tryno    | member.left         |
      | tryno    | post.created        |
      | tryno    | post.deleted        |
      | tryno    | payment.completed   |
      | tryno    | payment.refunded    |
      | tryno    | challenge.enrolled  |
      | tryno    | challenge.completed |
      | tryno    | event.registered    |
      | tryno    | event.checked_in    |
