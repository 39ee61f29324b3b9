Feature: What the events of Tryno carry

  The fields that matter to most receivers. The whole schema is in contract/platforms/tryno.yaml.

  Background:
    Given a community of tryno
    And an inbox "data" that answers "200"
    And a webhook to the inbox "data"

  Scenario: member.joined carries the member who joined
    When member.joined happens
    Then the request carries:
      | /event             | "member.joined" |
      | /timestamp         | a time          |
      | /data/community_id | an id           |
      | /data/user_id      | an id           |
      | /data/metadata     | an object       |

  Scenario: member.left carries the member who left
    When member.left happens
    Then the request carries:
      | /event             | "member.left" |
      | /timestamp         | a time        |
      | /data/community_id | an id         |
      | /data/user_id      | an id         |
      | /data/metadata     | an object     |

  Scenario: post.created carries the member who wrote the post
    When post.created happens
    Then the request carries:
      | /event             | "post.created" |
      | /timestamp         | a time         |
      | /data/community_id | an id          |
      | /data/user_id      | an id          |
      | /data/metadata     | an object      |

  Scenario: post.deleted carries the member whose post was deleted
    When post.deleted happens
    Then the request carries:
      | /event             | "post.deleted" |
      | /timestamp         | a time         |
      | /data/community_id | an id          |
      | /data/user_id      | an id          |
      | /data/metadata     | an object      |

  Scenario: payment.completed carries the member who paid
    When payment.completed happens
    Then the request carries:
      | /event             | "payment.completed" |
      | /timestamp         | a time              |
      | /data/community_id | an id               |
      | /data/user_id      | an id               |
      | /data/metadata     | an object           |

  Scenario: payment.refunded carries the member whose payment was refunded
    When payment.refunded happens
    Then the request carries:
      | /event             | "payment.refunded" |
      | /timestamp         | a time             |
      | /data/community_id | an id              |
      | /data/user_id      | an id              |
      | /data/metadata     | an object          |

  Scenario: challenge.enrolled carries the member who enrolled
    When challenge.enrolled happens
    Then the request carries:
      | /event             | "challenge.enrolled" |
      | /timestamp         | a time               |
      | /data/community_id | an id                |
      | /data/user_id      | an id                |
      | /data/metadata     | an object            |

  Scenario: challenge.completed carries the member who completed the challenge
    When challenge.completed happens
    Then the request carries:
      | /event             | "challenge.completed" |
      | /timestamp         | a time                |
      | /data/community_id | an id                 |
      | /data/user_id      | an id                 |
      | /data/metadata     | an object             |

  Scenario: event.registered carries the member who registered
    When event.registered happens
    Then the request carries:
      | /event             | "event.registered" |
      | /timestamp         | a time             |
      | /data/community_id | an id              |
      | /data/user_id      | an id              |
      | /data/metadata     | an object          |

  Scenario: event.checked_in carries the member who checked in
    When event.checked_in happens
    Then the request carries:
      | /event             | "event.checked_in" |
      | /timestamp         | a time             |
      | /data/community_id | an id              |
      | /data/user_id      | an id              |
      | /data/metadata     | an object          |

  Scenario: test.ping carries the same envelope as an event
    When test.ping happens
    Then the request carries:
      | /event             | "test.ping" |
      | /timestamp         | a time      |
      | /data/community_id | an id       |
      | /data/user_id      | an id       |
      | /data/metadata     | an object   |
