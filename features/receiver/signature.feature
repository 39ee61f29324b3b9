@receiver
Feature: The receiver lets no one in who cannot sign
  Every selected event is tried, and only where the same event, correctly signed, is acknowledged: a receiver that refuses
  everything proves nothing. Of a long catalogue, all are tried without a signature and with a wrong secret, and a dozen
  with each other fault. Refused is any 4xx, or a body that says so where the platform reads one; a redirect, a 5xx and
  a closed connection keep the sender out too, and are remarked upon. Whether the right signature under another prefix than
  the platform's is right may be argued: it need not be refused.

  @SIG-1
  Scenario Outline: <platform>: a delivery without the <header> header is refused
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered without the <header> header
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @mighty @must
    Examples:
      | platform | header        |
      | mighty   | Authorization |

    @tryno @must
    Examples:
      | platform | header            |
      | tryno    | X-Tryno-Signature |

    @tribe @must
    Examples:
      | platform | header                    |
      | tribe    | X-Tribe-Signature         |
      | tribe    | X-Tribe-Request-Timestamp |

  @SIG-1
  Scenario Outline: <platform>: a delivery without its proof, <type>, is refused
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered without its proof, <type>
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @mighty @must
    Examples:
      | platform | type                                 |
      | mighty   | as text/plain                        |
      | mighty   | as application/x-www-form-urlencoded |
      | mighty   | without a Content-Type               |

    @tryno @must
    Examples:
      | platform | type                                 |
      | tryno    | as text/plain                        |
      | tryno    | as application/x-www-form-urlencoded |
      | tryno    | without a Content-Type               |

    @tribe @must
    Examples:
      | platform | type                                 |
      | tribe    | as text/plain                        |
      | tribe    | as application/x-www-form-urlencoded |
      | tribe    | without a Content-Type               |

  @SIG-2
  Scenario Outline: <platform>: a body with <alteration> after signing is refused
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with <alteration> after signing
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @tryno @must
    Examples:
      | platform | alteration                              |
      | tryno    | its first byte altered                  |
      | tryno    | its last byte altered                   |
      | tryno    | one space added                         |
      | tryno    | one space added in front                |
      | tryno    | one space added at its end              |
      | tryno    | a newline added at its end              |
      | tryno    | a NUL added at its end                  |
      | tryno    | a byte added that is not UTF-8          |
      | tryno    | one letter of a value altered           |
      | tryno    | its JSON re-serialised with indentation |

    @tribe @must
    Examples:
      | platform | alteration                              |
      | tribe    | its first byte altered                  |
      | tribe    | its last byte altered                   |
      | tribe    | one space added                         |
      | tribe    | one space added in front                |
      | tribe    | one space added at its end              |
      | tribe    | a newline added at its end              |
      | tribe    | a NUL added at its end                  |
      | tribe    | a byte added that is not UTF-8          |
      | tribe    | one letter of a value altered           |
      | tribe    | its JSON re-serialised with indentation |

  @SIG-3
  Scenario Outline: <platform>: a delivery signed with <secret> is refused
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered signed with <secret>
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @tryno @must
    Examples:
      | platform | secret          |
      | tryno    | a wrong secret  |
      | tryno    | an empty secret |

    @tribe @must
    Examples:
      | platform | secret          |
      | tribe    | a wrong secret  |
      | tribe    | an empty secret |

  @SIG-3
  Scenario Outline: <platform>: a signature <fault> is refused
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with a signature <fault>
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @tryno @must
    Examples:
      | platform | fault                            |
      | tryno    | with its first character altered |
      | tryno    | with its last character altered  |
      | tryno    | with one character altered       |

    @tribe @must
    Examples:
      | platform | fault                            |
      | tribe    | with its first character altered |
      | tribe    | with its last character altered  |
      | tribe    | with one character altered       |

  @SIG-4
  Scenario Outline: <platform>: a signature <fault> is refused, and does no harm
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with a signature <fault>
    Then every one of them is rejected with an answer
    And a good delivery after them is acknowledged

    @tryno @must
    Examples:
      | platform | fault                               |
      | tryno    | cut short                           |
      | tryno    | cut by one character                |
      | tryno    | cut to its first half               |
      | tryno    | cut at the front                    |
      | tryno    | that is only its first character    |
      | tryno    | that is only its last character     |
      | tryno    | that is only its prefix             |
      | tryno    | that is not in its encoding         |
      | tryno    | with a character beyond ASCII       |
      | tryno    | that is empty                       |
      | tryno    | that is very long                   |
      | tryno    | written twice                       |
      | tryno    | made with MD5                       |
      | tryno    | made with SHA-1                     |
      | tryno    | made with SHA-512                   |
      | tryno    | made without a key                  |
      | tryno    | under the name of another algorithm |

    @tribe @must
    Examples:
      | platform | fault                               |
      | tribe    | cut short                           |
      | tribe    | cut by one character                |
      | tribe    | cut to its first half               |
      | tribe    | cut at the front                    |
      | tribe    | that is only its first character    |
      | tribe    | that is only its last character     |
      | tribe    | that is only its prefix             |
      | tribe    | that is not in its encoding         |
      | tribe    | with a character beyond ASCII       |
      | tribe    | that is empty                       |
      | tribe    | that is very long                   |
      | tribe    | written twice                       |
      | tribe    | made with MD5                       |
      | tribe    | made with SHA-1                     |
      | tribe    | made with SHA-512                   |
      | tribe    | made without a key                  |
      | tribe    | under the name of another algorithm |

  @SIG-4
  Scenario Outline: <platform>: a right signature <fault> does no harm
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with a signature <fault>
    Then every one of them is answered
    And a good delivery after them is acknowledged

    @tryno @must
    Examples:
      | platform | fault                |
      | tryno    | under another prefix |

    @tribe @must
    Examples:
      | platform | fault                |
      | tribe    | under another prefix |

  @SIG-5
  Scenario Outline: <platform>: a stale timestamp is refused although the signature is right
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered signed with a stale timestamp
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @tribe @should
    Examples:
      | platform |
      | tribe    |

  @SIG-6
  Scenario Outline: <platform>: a timestamp altered after signing is refused
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with its timestamp altered after signing
    Then none of them is accepted
    And a good delivery after them is acknowledged

    @tribe @must
    Examples:
      | platform |
      | tribe    |

  @SIG-9
  Scenario Outline: <platform>: a delivery with two signatures, <order>, is acknowledged
    Given a receiver of <platform> that acknowledges what is correctly signed
    When every event is delivered with two signatures, <order>
    Then every one of them is acknowledged

    @ @should
    Examples:
      | order                          |
      | another and then the right one |
      | the right one and then another |
