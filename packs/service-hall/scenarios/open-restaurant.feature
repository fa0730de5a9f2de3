# language: zh-CN
功能: 开餐馆一件事
  一次告知、一张表单、一套材料、一个窗口；市场监管、城市管理、消防救援同时办理，一次联合决定，三份证照。

  背景:
    假定 日期为 2026-11-23 09:30
    而且 "13800000003"申请"open-restaurant"，填写
      | business_name   | "青溪县知味川菜馆"               |
      | credit_code     | "91350100M000100Y43"             |
      | legal_name      | "宋知味"                         |
      | phone           | "13800000003"                    |
      | address         | "青溪县滨河路66号"               |
      | floor_area      | "180"                            |
      | level           | "ground"                         |
      | premises_owned  | "rented"                         |
      | operations      | ["热食类食品制售", "冷食类食品制售"] |
      | has_sign        | "yes"                            |
      | sign_words      | "知味川菜馆"                     |
      | sign_width      | "6"                              |
      | sign_height     | "1.2"                            |
      | sign_is_lit     | "yes"                            |
      | fire_way        | "inspection"                     |
      | has_fire_system | "no"                             |
      | by_agent        | "no"                             |
    那么 申请的"sort(materials.code, function(a, b) a < b)"为 ["fire-rules", "food-rules", "layout", "legal-id", "premises", "sign-consent", "sign-drawing"]
    而且 申请不在"m001、c001、f001"的待办中
    当 "w001"办理，结果为"accept"，意见为"材料齐全，予以受理。"
    那么 申请的状态为"accepted"
    而且 申请在"m001、c001、f001"的待办中
    而且 申请应于2026-12-07办结

  场景: 三个部门并联办理，分支内退回，一次联合决定，三份证照
    当 "h001"查看"/dossiers/{number}"
    那么 被拒绝，状态码为404

    # 市场监管：部门意见只能由持授权书的首席代表提出
    当 "m001"办理，结果为"pass"，意见为"符合要求。"
    而且 "m001"办理，结果为"pass"，意见为"厨房布局与图纸一致。"
    而且 "m001"办理，结果为"agree"，意见为"同意。"
    那么 被拒绝，代码为"authorisation.missing"
    而且 申请在"m001"的待办中
    当 "m003"办理，结果为"agree"，意见为"同意。"
    那么 申请不在"m001"的待办中
    而且 申请在"c001、f001"的待办中

    # 消防救援：现场核查期间不计时，期限正好顺延两个工作日
    当 "f001"办理，结果为"pass"，意见为"符合要求。"
    那么 时限暂停
    假定 日期为 2026-11-26 09:30
    当 "f001"办理，结果为"pass"，意见为"疏散通道畅通。"
    那么 时限继续
    而且 申请的"clock.spans.ground"为 ["site_inspection"]
    而且 申请应于2026-12-09办结

    # 分支内退回，已有意见都还在
    当 "f002"办理，结果为"return"，意见为"灭火器数量请再核对。"
    那么 申请在"c001、f001"的待办中
    当 "f001"查看"/dossiers/{number}"
    那么 返回内容的"every said in [\"厨房布局与图纸一致。\", \"疏散通道畅通。\", \"灭火器数量请再核对。\"] satisfies list contains(tasks.opinion, said)"为 true
    当 "f001"办理，结果为"pass"，意见为"已核对，共六具。"
    而且 "f001"办理，结果为"pass"，意见为"符合要求。"
    而且 "f002"办理，结果为"agree"，意见为"同意。"
    那么 申请在"c001"的待办中
    而且 申请不在"f001、m004"的待办中

    # 城市管理同意之后，牵头部门才能作联合决定
    当 "c001"办理，结果为"pass"，意见为"符合要求。"
    而且 "c002"办理，结果为"agree"，意见为"同意。"
    那么 申请在"m004"的待办中
    而且 申请不在"c001、f001"的待办中
    当 "m004"办理，结果为"approve"，意见为"各部门都同意，准予许可。"
    那么 申请的状态为"approved"
    而且 申请的"reason"为 "各部门都同意，准予许可。"
    而且 有3份证照
    而且 申请的"sort(certificates.part, function(a, b) a < b)"为 ["fire-opinion", "food-licence", "sign-permit"]
    当 "13800000003"查看"/dossiers/{number}/certificate?part=sign-permit"
    那么 返回内容的"contains(content, \"宽6米，高1.2米\")"为 true
    当 "13800000002"查看"/dossiers/{number}/certificate?part=sign-permit"
    那么 被拒绝，状态码为404

    # 自愿评价，只能评一次
    当 "13800000003"评价第1档
    那么 申请的"grade"为 1
    当 "13800000003"评价第5档
    那么 被拒绝，状态码为409

  场景: 一个部门不同意，只由它重新审查
    当 "m001"办理，结果为"pass"，意见为"符合要求。"
    而且 "m001"办理，结果为"pass"，意见为"符合要求。"
    而且 "m003"办理，结果为"agree"，意见为"同意。"
    而且 "c001"办理，结果为"pass"，意见为"符合要求。"
    而且 "c002"办理，结果为"agree"，意见为"同意。"
    而且 "f001"办理，结果为"pass"，意见为"符合要求。"
    而且 "f001"办理，结果为"fail"，意见为"只有一个安全出口。"
    而且 "f002"办理，结果为"disagree"，意见为"安全出口不足。"
    那么 申请在"m004"的待办中
    当 "m004"办理，结果为"deny"，意见为""
    那么 被拒绝，状态码为422
    当 "m004"办理，结果为"again"，意见为"申请人已增设出口，请重新审查。"
    那么 申请在"f001"的待办中
    而且 申请不在"m001、c001、m004"的待办中
