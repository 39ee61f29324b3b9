@receiver
Feature: The receiver is asked twice
  The same delivery: the same id and the same body, signed anew, as a platform sends it that did not see the answer.

  @DUP-1
  Scenario Outline: <platform> <event>: a delivery that was acknowledged is acknowledged again
    Given a receiver of <platform>
    When <event> is delivered and acknowledged
    And the same delivery arrives twice more
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

  @DUP-1
  Scenario Outline: <platform>: a form that was acknowledged is acknowledged again
    Given a receiver of <platform>
    When forms are delivered three times
    Then every one of them is acknowledged

    @ambassify @must
    Examples:
      | platform  |
      | ambassify |

  @DUP-2
  Scenario Outline: <platform> <event>: the same delivery many times at once is acknowledged
    Given a receiver of <platform> that acknowledges <event>
    When <event> is delivered 10 times at once
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
