@receiver
Feature: The receiver lets no one in without its key
  For platforms that send a bearer key, if one is configured. Mighty Networks documents it from 2025-12-29 on, and real
  deliveries carry it before. A part of a key is tried where there is one: a short key may have none. All events are tried without
  a key, and a dozen with each other fault.

  @SIG-8
  Scenario Outline: <platform>: a delivery with <key> is refused
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with <key>
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @mighty @must
    Examples:
      | platform | key                                  |
      | mighty   | no key                               |
      | mighty   | an empty key                         |
      | mighty   | a wrong key of the same length       |
      | mighty   | a key that begins otherwise          |
      | mighty   | a key that is another in its middle  |
      | mighty   | a key that ends otherwise            |
      | mighty   | the first character of the key       |
      | mighty   | the first half of the key            |
      | mighty   | the last characters of the key       |
      | mighty   | the key without its last character   |
      | mighty   | the key in the other letter case     |
      | mighty   | the right key and one character more |
      | mighty   | one character and the right key      |
      | mighty   | the right key inside another text    |

    @mighty @should
    Examples:
      | platform | key                                  |
      | mighty   | the right key under the scheme Basic |

  @SIG-8
  Scenario Outline: <platform>: the right key after the word <word> is acknowledged
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with the right key after the word <word>
    Then every one of them is acknowledged

    @mighty @should
    Examples:
      | platform | word   |
      | mighty   | bearer |
      | mighty   | BEARER |
