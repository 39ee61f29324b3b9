Feature: What the events of Tribe carry

  The fields that matter to most receivers. The whole schema is in contract/platforms/tribe.yaml.

  Background:
    Given a community of tribe
    And an inbox "data" that answers "200"
    And a webhook to the inbox "data"

  Scenario: member.created carries the new member, not verified yet
    When member.created happens
    Then the request carries:
      | /type                   | "SUBSCRIPTION"         |
      | /data/name              | "member.created"       |
      | /data/noun              | "MEMBER"               |
      | /data/verb              | "CREATED"              |
      | /data/id                | an id                  |
      | /data/time              | a time                 |
      | /networkId              | an id                  |
      | /data/actor/id          | an id                  |
      | /data/object/id         | an id                  |
      | /data/object/networkId  | the same as /networkId |
      | /data/object/email      | an email address       |
      | /data/object/name       | a text                 |
      | /data/object/username   | a text                 |
      | /data/object/verifiedAt | null                   |

  Scenario: member.verified carries the member, with the time of the verification
    When member.verified happens
    Then the request carries:
      | /type                   | "SUBSCRIPTION"         |
      | /data/name              | "member.verified"      |
      | /data/noun              | "MEMBER"               |
      | /data/verb              | "VERIFIED"             |
      | /data/id                | an id                  |
      | /data/time              | a time                 |
      | /networkId              | an id                  |
      | /data/actor/id          | an id                  |
      | /data/object/id         | an id                  |
      | /data/object/networkId  | the same as /networkId |
      | /data/object/email      | an email address       |
      | /data/object/name       | a text                 |
      | /data/object/username   | a text                 |
      | /data/object/verifiedAt | a time                 |
      | /data/object/status     | "VERIFIED"             |

  Scenario: member.updated carries the member as he or she is after the change
    When member.updated happens
    Then the request carries:
      | /type                  | "SUBSCRIPTION"         |
      | /data/name             | "member.updated"       |
      | /data/noun             | "MEMBER"               |
      | /data/verb             | "UPDATED"              |
      | /data/id               | an id                  |
      | /data/time             | a time                 |
      | /networkId             | an id                  |
      | /data/actor/id         | an id                  |
      | /data/object/id        | an id                  |
      | /data/object/networkId | the same as /networkId |
      | /data/object/email     | an email address       |
      | /data/object/name      | a text                 |
      | /data/object/username  | a text                 |
      | /data/object/updatedAt | a time                 |

  Scenario: member.deleted carries the member who was deleted
    When member.deleted happens
    Then the request carries:
      | /type                  | "SUBSCRIPTION"         |
      | /data/name             | "member.deleted"       |
      | /data/noun             | "MEMBER"               |
      | /data/verb             | "DELETED"              |
      | /data/id               | an id                  |
      | /data/time             | a time                 |
      | /networkId             | an id                  |
      | /data/actor/id         | an id                  |
      | /data/object/id        | an id                  |
      | /data/object/networkId | the same as /networkId |
      | /data/object/email     | an email address       |
      | /data/object/name      | a text                 |
      | /data/object/username  | a text                 |
      | /data/object/deletedAt | a time                 |
      | /data/object/status    | "DELETED"              |

  Scenario: member_invitation.created carries the invitation, which nobody has accepted yet
    When member_invitation.created happens
    Then the request carries:
      | /type                     | "SUBSCRIPTION"                        |
      | /data/name                | "member_invitation.created"           |
      | /data/noun                | "MEMBER_INVITATION"                   |
      | /data/verb                | "CREATED"                             |
      | /data/id                  | an id                                 |
      | /data/time                | a time                                |
      | /networkId                | an id                                 |
      | /data/actor/id            | an id                                 |
      | /data/object/id           | the same as /data/target/invitationId |
      | /data/object/inviteeEmail | an email address                      |
      | /data/object/inviterId    | an id                                 |
      | /data/object/expiresAt    | a time                                |
      | /data/object/status       | "sent"                                |
      | /data/object/joinedAt     | null                                  |

  Scenario: member_invitation.accepted carries the invitation and the member who accepted it
    When member_invitation.accepted happens
    Then the request carries:
      | /type                     | "SUBSCRIPTION"                        |
      | /data/name                | "member_invitation.accepted"          |
      | /data/noun                | "MEMBER_INVITATION"                   |
      | /data/verb                | "ACCEPTED"                            |
      | /data/id                  | an id                                 |
      | /data/time                | a time                                |
      | /networkId                | an id                                 |
      | /data/actor/id            | an id                                 |
      | /data/object/id           | the same as /data/target/invitationId |
      | /data/object/inviteeEmail | an email address                      |
      | /data/object/inviterId    | an id                                 |
      | /data/object/expiresAt    | a time                                |
      | /data/object/status       | "accepted"                            |
      | /data/object/joinedAt     | a time                                |
      | /data/object/inviteeId    | an id                                 |

  Scenario: member_invitation.rejected carries the invitation that was rejected
    When member_invitation.rejected happens
    Then the request carries:
      | /type                     | "SUBSCRIPTION"                        |
      | /data/name                | "member_invitation.rejected"          |
      | /data/noun                | "MEMBER_INVITATION"                   |
      | /data/verb                | "REJECTED"                            |
      | /data/id                  | an id                                 |
      | /data/time                | a time                                |
      | /networkId                | an id                                 |
      | /data/actor/id            | an id                                 |
      | /data/object/id           | the same as /data/target/invitationId |
      | /data/object/inviteeEmail | an email address                      |
      | /data/object/inviterId    | an id                                 |
      | /data/object/expiresAt    | a time                                |
      | /data/object/status       | "rejected"                            |
      | /data/object/joinedAt     | null                                  |
