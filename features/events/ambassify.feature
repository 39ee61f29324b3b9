Feature: What the events of Ambassify carry

  The fields that matter to most receivers. The whole schema is in contract/platforms/ambassify.yaml.

  Background:
    Given a community of ambassify
    And an inbox "data" that answers "200"
    And a webhook to the inbox "data"

  Scenario: campaign.created carries the campaign in each of its languages
    When campaign.created happens
    Then the request carries:
      | /event/resource            | "campaign"                   |
      | /event/name                | "created"                    |
      | /organization_id           | an id                        |
      | /campaign_id               | the same as /campaign/id     |
      | /campaign/name             | a text                       |
      | /campaign/created          | seconds since 1970           |
      | /campaign/organization     | the same as /organization_id |
      | /campaign/title            | an object                    |
      | /campaign/config/languages | a list                       |
      | /campaign/config/channels  | a list                       |

  Scenario: campaign.changed carries the campaign as it is after the change
    When campaign.changed happens
    Then the request carries:
      | /event/resource            | "campaign"                   |
      | /event/name                | "changed"                    |
      | /organization_id           | an id                        |
      | /campaign_id               | the same as /campaign/id     |
      | /campaign/name             | a text                       |
      | /campaign/created          | seconds since 1970           |
      | /campaign/organization     | the same as /organization_id |
      | /campaign/title            | an object                    |
      | /campaign/config/languages | a list                       |
      | /campaign/config/channels  | a list                       |

  Scenario: campaign.removed carries the campaign that was removed
    When campaign.removed happens
    Then the request carries:
      | /event/resource            | "campaign"                   |
      | /event/name                | "removed"                    |
      | /organization_id           | an id                        |
      | /campaign_id               | the same as /campaign/id     |
      | /campaign/name             | a text                       |
      | /campaign/created          | seconds since 1970           |
      | /campaign/organization     | the same as /organization_id |
      | /campaign/title            | an object                    |
      | /campaign/config/languages | a list                       |
      | /campaign/config/channels  | a list                       |

  Scenario: campaign.published_community carries the campaign that was published in the community
    When campaign.published_community happens
    Then the request carries:
      | /event/resource                    | "campaign"                   |
      | /event/name                        | "published_community"        |
      | /organization_id                   | an id                        |
      | /campaign_id                       | the same as /campaign/id     |
      | /campaign/name                     | a text                       |
      | /campaign/created                  | seconds since 1970           |
      | /campaign/organization             | the same as /organization_id |
      | /campaign/title                    | an object                    |
      | /campaign/config/languages         | a list                       |
      | /campaign/config/channels          | a list                       |
      | /campaign/config/community/enabled | true                         |

  Scenario: campaign.published_landing carries the campaign that was published on a landing page
    When campaign.published_landing happens
    Then the request carries:
      | /event/resource            | "campaign"                   |
      | /event/name                | "published_landing"          |
      | /organization_id           | an id                        |
      | /campaign_id               | the same as /campaign/id     |
      | /campaign/name             | a text                       |
      | /campaign/created          | seconds since 1970           |
      | /campaign/organization     | the same as /organization_id |
      | /campaign/title            | an object                    |
      | /campaign/config/languages | a list                       |
      | /campaign/config/channels  | a list                       |

  Scenario: interaction.created carries the interaction, its campaign and its person
    When interaction.created happens
    Then the request carries:
      | /event/resource       | "interaction"               |
      | /event/name           | "created"                   |
      | /organization_id      | an id                       |
      | /campaign_id          | the same as /campaign/id    |
      | /interaction_id       | the same as /interaction/id |
      | /interaction/campaign | the same as /campaign/id    |
      | /interaction/preset   | a text                      |
      | /interaction/points   | a number                    |
      | /interaction/created  | seconds since 1970          |
      | /person_id            | the same as /person/id      |
      | /interaction/member   | the same as /person/id      |

  Scenario: interaction.changed carries the interaction, its campaign and its person, after the change
    When interaction.changed happens
    Then the request carries:
      | /event/resource       | "interaction"               |
      | /event/name           | "changed"                   |
      | /organization_id      | an id                       |
      | /campaign_id          | the same as /campaign/id    |
      | /interaction_id       | the same as /interaction/id |
      | /interaction/campaign | the same as /campaign/id    |
      | /interaction/preset   | a text                      |
      | /interaction/points   | a number                    |
      | /interaction/created  | seconds since 1970          |
      | /person_id            | the same as /person/id      |
      | /interaction/member   | the same as /person/id      |

  Scenario: interaction.removed carries the interaction that was removed, and its campaign and person
    When interaction.removed happens
    Then the request carries:
      | /event/resource       | "interaction"               |
      | /event/name           | "removed"                   |
      | /organization_id      | an id                       |
      | /campaign_id          | the same as /campaign/id    |
      | /interaction_id       | the same as /interaction/id |
      | /interaction/campaign | the same as /campaign/id    |
      | /interaction/preset   | a text                      |
      | /interaction/points   | a number                    |
      | /interaction/created  | seconds since 1970          |
      | /person_id            | the same as /person/id      |
      | /interaction/member   | the same as /person/id      |

  Scenario: conversion.created carries the conversion, its campaign and its person
    When conversion.created happens
    Then the request carries:
      | /event/resource      | "conversion"               |
      | /event/name          | "created"                  |
      | /organization_id     | an id                      |
      | /campaign_id         | the same as /campaign/id   |
      | /conversion_id       | the same as /conversion/id |
      | /conversion/campaign | the same as /campaign/id   |
      | /conversion/preset   | a text                     |
      | /conversion/points   | a number                   |
      | /conversion/created  | seconds since 1970         |
      | /person_id           | the same as /person/id     |
      | /conversion/member   | the same as /person/id     |

  Scenario: conversion.changed carries the conversion, its campaign and its person, after the change
    When conversion.changed happens
    Then the request carries:
      | /event/resource      | "conversion"               |
      | /event/name          | "changed"                  |
      | /organization_id     | an id                      |
      | /campaign_id         | the same as /campaign/id   |
      | /conversion_id       | the same as /conversion/id |
      | /conversion/campaign | the same as /campaign/id   |
      | /conversion/preset   | a text                     |
      | /conversion/points   | a number                   |
      | /conversion/created  | seconds since 1970         |
      | /person_id           | the same as /person/id     |
      | /conversion/member   | the same as /person/id     |

  Scenario: conversion.removed carries the conversion that was removed, and its campaign and person
    When conversion.removed happens
    Then the request carries:
      | /event/resource      | "conversion"               |
      | /event/name          | "removed"                  |
      | /organization_id     | an id                      |
      | /campaign_id         | the same as /campaign/id   |
      | /conversion_id       | the same as /conversion/id |
      | /conversion/campaign | the same as /campaign/id   |
      | /conversion/preset   | a text                     |
      | /conversion/points   | a number                   |
      | /conversion/created  | seconds since 1970         |
      | /person_id           | the same as /person/id     |
      | /conversion/member   | the same as /person/id     |

  Scenario: person.created carries the person who was added
    When person.created happens
    Then the request carries:
      | /event/resource           | "person"                     |
      | /event/name               | "created"                    |
      | /organization_id          | an id                        |
      | /person_id                | the same as /person/id       |
      | /person/orgId             | the same as /organization_id |
      | /person/created           | milliseconds since 1970      |
      | /person/role              | a text                       |
      | /person/profile/firstName | a text                       |
      | /person/profile/lastName  | a text                       |
      | /person/profile/email     | an email address             |

  Scenario: person.changed carries the person as he or she is after the change
    When person.changed happens
    Then the request carries:
      | /event/resource           | "person"                     |
      | /event/name               | "changed"                    |
      | /organization_id          | an id                        |
      | /person_id                | the same as /person/id       |
      | /person/orgId             | the same as /organization_id |
      | /person/created           | milliseconds since 1970      |
      | /person/role              | a text                       |
      | /person/profile/firstName | a text                       |
      | /person/profile/lastName  | a text                       |
      | /person/profile/email     | an email address             |

  Scenario: person.removed carries the person who was removed
    When person.removed happens
    Then the request carries:
      | /event/resource           | "person"                     |
      | /event/name               | "removed"                    |
      | /organization_id          | an id                        |
      | /person_id                | the same as /person/id       |
      | /person/orgId             | the same as /organization_id |
      | /person/created           | milliseconds since 1970      |
      | /person/role              | a text                       |
      | /person/profile/firstName | a text                       |
      | /person/profile/lastName  | a text                       |
      | /person/profile/email     | an email address             |
