Feature: x
 Scenario: y
  And z
