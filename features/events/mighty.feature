Feature: What the events of Mighty Networks carry

  The fields that matter to most receivers. The whole schema is in contract/platforms/mighty.yaml.

  Background:
    Given a community of mighty
    And an inbox "data" that answers "200"
    And a webhook to the inbox "data"

  Scenario: MemberBadgeAdded carries the member and the badge that was added
    When MemberBadgeAdded happens
    Then the request carries:
      | /event_id                  | an id            |
      | /event_timestamp           | a time           |
      | /payload/member/id         | an id            |
      | /payload/member/email      | an email address |
      | /payload/member/first_name | a text           |
      | /payload/member/last_name  | a text           |
      | /payload/member/permalink  | a link           |
      | /payload/badge/id          | an id            |
      | /payload/badge/title       | a text           |
      | /payload/network_id        | an id            |

  Scenario: EventCreated carries the event, its times, its creator and its space
    When EventCreated happens
    Then the request carries:
      | /event_id              | an id                           |
      | /event_timestamp       | a time                          |
      | /payload/id            | an id                           |
      | /payload/post_type     | "event"                         |
      | /payload/title         | a text                          |
      | /payload/starts_at     | a time                          |
      | /payload/ends_at       | a time                          |
      | /payload/creator/id    | the same as /payload/creator_id |
      | /payload/creator/email | an email address                |
      | /payload/space/id      | the same as /payload/space_id   |
      | /payload/permalink     | a link                          |

  Scenario: MemberRemovedFromBundle carries the member, and the plan and subscription that ended
    When MemberRemovedFromBundle happens
    Then the request carries:
      | /event_id           | an id            |
      | /event_timestamp    | a time           |
      | /payload/member_id  | an id            |
      | /payload/email      | an email address |
      | /payload/first_name | a text           |
      | /payload/last_name  | a text           |
      | /payload/plan/id    | an id            |
      | /payload/plan/name  | a text           |

  Scenario: MemberPurchaseRequested carries the person who asks, and what is asked for
    When MemberPurchaseRequested happens
    Then the request carries:
      | /event_id             | an id            |
      | /event_timestamp      | a time           |
      | /payload/id           | an id            |
      | /payload/bundle_id    | an id            |
      | /payload/member_id    | an id            |
      | /payload/member_email | an email address |
      | /payload/status       | a text           |
      | /payload/network_id   | an id            |

  Scenario: MemberTagRemoved carries the member and the tag that was removed
    When MemberTagRemoved happens
    Then the request carries:
      | /event_id                  | an id            |
      | /event_timestamp           | a time           |
      | /payload/member/id         | an id            |
      | /payload/member/email      | an email address |
      | /payload/member/first_name | a text           |
      | /payload/member/last_name  | a text           |
      | /payload/member/permalink  | a link           |
      | /payload/tag/id            | an id            |
      | /payload/tag/title         | a text           |
      | /payload/network_id        | an id            |

  Scenario: CustomFieldResponseCreated carries the member, the field and the answer
    When CustomFieldResponseCreated happens
    Then the request carries:
      | /event_id                           | an id            |
      | /event_timestamp                    | a time           |
      | /payload/member/id                  | an id            |
      | /payload/member/email               | an email address |
      | /payload/member/first_name          | a text           |
      | /payload/member/last_name           | a text           |
      | /payload/member/permalink           | a link           |
      | /payload/custom_field/id            | an id            |
      | /payload/custom_field/title         | a text           |
      | /payload/custom_field/response_type | a text           |
      | /payload/network_id                 | an id            |

  Scenario: MemberPurchased carries the member, the plan and the purchase
    When MemberPurchased happens
    Then the request carries:
      | /event_id                      | an id            |
      | /event_timestamp               | a time           |
      | /payload/member_id             | an id            |
      | /payload/member_email          | an email address |
      | /payload/plan/id               | an id            |
      | /payload/plan/name             | a text           |
      | /payload/plan/amount           | a number         |
      | /payload/plan/currency         | a text           |
      | /payload/purchase/id           | an id            |
      | /payload/purchase/purchased_at | a time           |

  Scenario: MemberSubscriptionCanceled carries the member, the plan and the canceled subscription
    When MemberSubscriptionCanceled happens
    Then the request carries:
      | /event_id                         | an id            |
      | /event_timestamp                  | a time           |
      | /payload/member_id                | an id            |
      | /payload/email                    | an email address |
      | /payload/plan/id                  | an id            |
      | /payload/plan/type                | "subscription"   |
      | /payload/subscription/id          | an id            |
      | /payload/subscription/canceled_at | a time           |

  Scenario: RsvpDeleted carries the answer that was deleted, its event and its member
    When RsvpDeleted happens
    Then the request carries:
      | /event_id                  | an id            |
      | /event_timestamp           | a time           |
      | /payload/id                | an id            |
      | /payload/status            | a text           |
      | /payload/event/id          | an id            |
      | /payload/event/title       | a text           |
      | /payload/event/starts_at   | a time           |
      | /payload/member/id         | an id            |
      | /payload/member/email      | an email address |
      | /payload/member/first_name | a text           |
      | /payload/member/last_name  | a text           |
      | /payload/member/permalink  | a link           |

  Scenario: PostCreated carries the post, its creator and its space
    When PostCreated happens
    Then the request carries:
      | /event_id           | an id          |
      | /event_timestamp    | a time         |
      | /payload/id         | an id          |
      | /payload/post_type  | "post"         |
      | /payload/title      | a text or null |
      | /payload/creator_id | an id          |
      | /payload/space_id   | an id          |
      | /payload/status     | a text         |
      | /payload/permalink  | a link         |

  Scenario: QuestionCreated carries the question, its creator and its space
    When QuestionCreated happens
    Then the request carries:
      | /event_id           | an id      |
      | /event_timestamp    | a time     |
      | /payload/id         | an id      |
      | /payload/post_type  | "question" |
      | /payload/title      | a text     |
      | /payload/creator_id | an id      |
      | /payload/space_id   | an id      |
      | /payload/permalink  | a link     |

  Scenario: PercentagePollUpdated carries the poll, its creator and its space
    When PercentagePollUpdated happens
    Then the request carries:
      | /event_id              | an id             |
      | /event_timestamp       | a time            |
      | /payload/id            | an id             |
      | /payload/post_type     | "percentage_poll" |
      | /payload/title         | a text            |
      | /payload/updated_at    | a time            |
      | /payload/creator/id    | an id             |
      | /payload/creator/email | an email address  |
      | /payload/space/id      | an id             |

  Scenario: CommentCreated carries the comment, its author and what it comments on
    When CommentCreated happens
    Then the request carries:
      | /event_id                | an id  |
      | /event_timestamp         | a time |
      | /payload/id              | an id  |
      | /payload/text            | a text |
      | /payload/author_id       | an id  |
      | /payload/targetable_id   | an id  |
      | /payload/targetable_type | a text |
      | /payload/space_id        | an id  |

  Scenario: ReactionCreated carries the reaction, its member and its target
    When ReactionCreated happens
    Then the request carries:
      | /event_id                | an id  |
      | /event_timestamp         | a time |
      | /payload/id              | an id  |
      | /payload/emoji           | a text |
      | /payload/member_id       | an id  |
      | /payload/targetable_id   | an id  |
      | /payload/targetable_type | a text |

  Scenario: ReactionDeleted carries the reaction that was deleted, its member and its target
    When ReactionDeleted happens
    Then the request carries:
      | /event_id                | an id  |
      | /event_timestamp         | a time |
      | /payload/id              | an id  |
      | /payload/emoji           | a text |
      | /payload/member_id       | an id  |
      | /payload/targetable_id   | an id  |
      | /payload/targetable_type | a text |

  Scenario: ReportedContentCreated carries the report: who reports what, and why
    When ReportedContentCreated happens
    Then the request carries:
      | /event_id                                 | an id  |
      | /event_timestamp                          | a time |
      | /payload/reported_content/id              | an id  |
      | /payload/reported_content/user_id         | an id  |
      | /payload/reported_content/targetable_id   | an id  |
      | /payload/reported_content/targetable_type | a text |
      | /payload/reported_content/reason          | a text |
