@receiver
Feature: The receiver takes what the platform sends
  A delivery is acknowledged when the platform would take the answer for a success: its own success rule, and no word of
  refusal in the body where the platform reads one there. An event that is documented must be acknowledged; one whose
  shape is inferred should be.

  @ACK-1
  Scenario Outline: <platform> <event>: the documented example is acknowledged
    Given a receiver of <platform>
    When the documented example of <event> is delivered
    Then it is acknowledged

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

    @tryno @should
    Examples:
      | platform | event     |
      | tryno    | test.ping |

  @ACK-2
  Scenario Outline: <platform> <event>: generated payloads are acknowledged
    Given a receiver of <platform>
    When generated payloads of <event> are delivered
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

    @tryno @should
    Examples:
      | platform | event     |
      | tryno    | test.ping |

  @ACK-3
  Scenario Outline: <platform> <event>: only the required fields, and every field, are acknowledged
    Given a receiver of <platform>
    When <event> is delivered with only the required fields
    And <event> is delivered with every field
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

    @mighty @should
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

  @ACK-4
  Scenario Outline: <platform> <event>: documented nulls and enum values are acknowledged
    Given a receiver of <platform> that acknowledges <event>
    When <event> is delivered with each null and enum value that is documented
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

    @tribe @must
    Examples:
      | platform | event          |
      | tribe    | member.updated |

  @ACK-4
  Scenario Outline: <platform> <event>: observed and inferred nulls and enum values are acknowledged
    Given a receiver of <platform> that acknowledges <event>
    When <event> is delivered with each null and enum value that is not documented
    Then every one of them is acknowledged

    @ambassify @should
    Examples:
      | platform  | event                        |
      | ambassify | campaign.published_community |
      | ambassify | campaign.published_landing   |

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

  @ACK-6
  Scenario Outline: <platform> <event>: the answer has the exact success status
    Given a receiver of <platform>
    When <event> is delivered
    Then it is answered with the exact success status

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
