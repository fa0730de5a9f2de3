Feature: steps
  Scenario: a
    Given the date is 2026-03-01 14:30
    When the decision "a \"b\"" of “t” is asked
    Then rules 1、3 fire
    And "x" of the answer is {a: 1}
    And the table refuses with "dmn.no_type":
