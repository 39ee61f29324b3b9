@receiver
Feature: The receiver survives change
  A field that is not there today is added to one object after another, and then to all of them at once.

  @FWD-1
  Scenario Outline: <platform> <event>: unknown extra fields are acknowledged
    Given a receiver of <platform> that acknowledges <event>
    When <event> is delivered with an unknown field at each level
    Then every one of them is acknowledged

    @ambassify @should
    Examples:
      | platform  | event                        |
      | ambassify | campaign.created             |
      | ambassify | campaign.changed             |
      | ambassify | campaign.removed             |
      | ambassify | campaign.published_community |
      | ambassify | campaign.published_landing   |
      | ambassify | interaction.created          |
      | ambassify | interaction.changed          |
      | ambassify | interaction.removed          |
      | ambassify | conversion.created           |
      | ambassify | conversion.changed           |
      | ambassify | conversion.removed           |
      | ambassify | person.created               |
      | ambassify | person.changed               |
      | ambassify | person.removed               |

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

    @tribe @should
    Examples:
      | platform | event                      |
      | tribe    | member.created             |
      | tribe    | member.verified            |
      | tribe    | member.updated             |
      | tribe    | member.deleted             |
      | tribe    | member_invitation.created  |
      | tribe    | member_invitation.accepted |
      | tribe    | member_invitation.rejected |

    @tryno @should
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
      | tryno    | test.ping           |
