Feature: A sole trader is registered on the spot

  Background:
    Given the date is 2026-11-23 09:30
    And "13800000001" applies for "sole-trader" with
      | business_name      | "青溪县小满茶饮店" |
      | business_scope     | "餐饮服务；食品销售" |
      | premises_address   | "青溪县滨河路12号" |
      | premises_owned     | "rented" |
      | operator_name      | "林小满" |
      | operator_id_number | "110105198003072835" |
      | operator_phone     | "13800000001" |
      | by_agent           | "no" |

  Scenario: registered, with a licence at once
    Then the application is "accepted"
    And the application is with "m001, m002"
    And the application is not with "h001"
    When "m001" completes the task with "approve" and says "材料齐全，准予登记。"
    Then the application is "approved"
    And there are 1 certificates
    And "count(certificates[starts with(number, \"GT2026\")])" of the application is 1
    When "13800000001" rates it with grade 1
    Then "grade" of the application is 1

  Scenario: nothing is denied without a reason
    When "m001" completes the task with "deny" and says ""
    Then it is refused with status 422
    And the application is "accepted"
    When "13800000002" looks at "/dossiers/{number}"
    Then it is refused with status 404
