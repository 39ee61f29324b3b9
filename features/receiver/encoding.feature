@receiver
Feature: The receiver reads every documented encoding
  Ambassify documents JSON and form, and not how a form nests. A receiver that declares a nesting style is asked in that
  style; one that declares none passes with either.

  @ENC-1
  Scenario Outline: <platform> <event>: JSON and form are acknowledged
    Given a receiver of <platform>
    When <event> is delivered as JSON
    And <event> is delivered as a form
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
