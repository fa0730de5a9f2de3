# language: zh-CN
功能: 没有手机和账号的人，由代理人到窗口办理

  场景: 窗口代为收件，受理后按承诺时限办理
    假定 日期为 2026-11-23 09:30
    当 "w001"收件"hotel-hygiene"，填写
      | identity_kind         | "credit_code"        |
      | identity_number       | "91350100M000100Y43" |
      | party_name            | "青溪县滨河宾馆"     |
      | is_original_seen      | true                 |
      | actor_role            | "by_letter"          |
      | agent_kind            | "resident_id"        |
      | agent_number          | "110105198003072835" |
      | agent_name            | "赵满仓"             |
      | letter_no             | "委2026-1"           |
      | letter_until          | "2027-12-31"         |
      | form.unit_name        | "青溪县滨河宾馆"     |
      | form.credit_code      | "91350100M000100Y43" |
      | form.address          | "青溪县滨河路88号"   |
      | form.legal_name       | "周知秋"             |
      | form.phone            | "13800000002"        |
      | form.room_count       | "48"                 |
      | form.floor_area       | "2600.5"             |
      | form.air_conditioning | "split"              |
      | form.water_supply     | "mains"              |
    那么 申请的"channel"为 "window"
    当 "w001"办理，结果为"accept"，意见为"材料齐全，予以受理。"
    那么 申请应于2026-12-07办结
    当 "h001"办理，填写
      | outcome | "pass"       |
      | opinion | "符合要求。" |
    那么 申请在"h002"的待办中
    当 "h002"办理，结果为"approve"，意见为"准予许可。"
    那么 申请的状态为"approved"
    而且 有1份证照
