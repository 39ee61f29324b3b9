@sender
Feature: The log of a webhook
  Every attempt is in it, with id, event, status code, response time and time.

  @SND-8
  Scenario Outline: <platform>: every attempt is in the log
    Given a webhook of <platform> that fails 2 times and then answers 200
    When an event happens and its schedule runs out
    Then the log has 3 attempts, newest first, with the status codes 200, 500, 500

    @tryno @must
    Examples:
      | platform |
      | tryno    |

  @SND-8
  Scenario Outline: <platform>: the log is paged, newest first, with 50 a page at most
    Given a webhook of <platform> that answers 200
    When 60 events happen
    Then the pages of the log have 50 and 10 attempts, newest first, each once
    And a page of the log never has more than 50 attempts

    @tryno @must
    Examples:
      | platform |
      | tryno    |
