Feature: A hotel's hygiene permit, its promise and what is not counted

  Background:
    Given the date is 2026-11-23 09:30
    And "13800000002" applies for "hotel-hygiene" with
      | unit_name        | "青溪县滨河宾馆"     |
      | credit_code      | "91350100M000100Y43" |
      | address          | "青溪县滨河路88号"   |
      | legal_name       | "周知秋"             |
      | phone            | "13800000002"        |
      | room_count       | "48"                 |
      | floor_area       | "2600.5"             |
      | air_conditioning | "split"              |
      | water_supply     | "mains"              |
    When "w001" completes the task with "accept" and says "材料齐全，予以受理。"
    Then the application is due on 2026-12-07
    And the clock runs

  Scenario: a clock that was stopped moves the date by the working days in between
    When "h001" stops the clock on "expert_review" and says "需要专家评审。"
    Then the clock stands
    Given the date is 2026-11-26 09:30
    When "h001" lets the clock run
    Then the clock runs
    And the application is due on 2026-12-09
    And "count(clock.spans)" of the application is 1

  Scenario: taken back before it was decided
    When "13800000002" withdraws the application and says "改为明年申请。"
    Then the application is "withdrawn"
    And the application is not with "h001"
    When "13800000002" withdraws the application and says "再撤一次。"
    Then it is refused with status 409
