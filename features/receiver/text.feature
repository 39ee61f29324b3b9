@receiver
Feature: The receiver accepts difficult text
  Emoji, right-to-left text, combining marks, 4-byte and zero-width characters, HTML, newlines and tabs, quotes and
  backslashes, and a name of 10 kB, in every place where members write what they like. Tryno sends no such text. A
  receiver that takes no forms is not asked for them here.

  @TXT-1
  Scenario Outline: <platform> <event>: difficult text is acknowledged
    Given a receiver of <platform> that acknowledges <event>
    When <event> is delivered with each difficult text
    Then every one of them is acknowledged

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

  @TXT-1
  Scenario Outline: <platform>: difficult text is acknowledged as a form
    Given a receiver of <platform>
    When forms are delivered with each difficult text
    Then every one of them is acknowledged

    @ambassify @must
    Examples:
      | platform  |
      | ambassify |
