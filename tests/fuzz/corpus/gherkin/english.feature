@all
Feature: Fees
  What a fee is.

  Background:
    Given the date is 2026-03-01

  # a comment
  @R05 @R06
  Scenario: one
    When the decision "fee" of "fees" is asked with
      | area | 12.5 |
      | note | "a\|b" |
    Then the answer is 3
    And nothing else
      """
      text
        more
      """

  Scenario Outline: several
    Given <a> and <b>
    Examples: some
      | a | b |
      | 1 | 2 |
      | 3 | < 4 |
