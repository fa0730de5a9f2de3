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

  Scenario: told once what is missing, mended, and the days in between are not counted
    Given the date is 2026-11-23 10:00
    When "h001" sends a notice with
      | missing.material.floor-plan | "没有平面图"         |
      | missing.field.room_count    | "客房数与现场不符"   |
      | mend.material.floor-plan    | "请补交平面图"       |
      | mend.field.room_count       | "请按实际填写"       |
    Then "waits_for" of the application is "supplement"
    And the clock stands
    When "h001" completes the task with "pass" and says "符合要求。"
    Then it is refused with "dossier.waits_for_applicant"
    Given the date is 2026-11-25 10:00
    When "13800000002" hands in a supplement with
      | form.unit_name        | "青溪县滨河宾馆"     |
      | form.credit_code      | "91350100M000100Y43" |
      | form.address          | "青溪县滨河路88号"   |
      | form.legal_name       | "周知秋"             |
      | form.phone            | "13800000002"        |
      | form.room_count       | "52"                 |
      | form.floor_area       | "2600.5"             |
      | form.air_conditioning | "split"              |
      | form.water_supply     | "mains"              |
      | material              | ["floor-plan"]       |
      | note                  | "已按要求补正"       |
    Then "waits_for" of the application is null
    And the clock runs
    And the application is due on 2026-12-08
    And "clock.days[effect = \"not_counted\"].date" of the application is ["2026-11-24"]
    When "h001" looks at "/dossiers/{number}"
    Then "supplements[1].changes[1].now" of what came is "52"
