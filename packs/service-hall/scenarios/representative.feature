# language: zh-CN
功能: 首席代表和部门负责人
  授权范围表定由谁决定：有委托书的首席代表，或者部门负责人；换了人，系统不予办理。

  背景:
    假定 日期为 2026-11-23 09:30

  场景: 范围内的申请由首席代表决定，没有委托书的不行
    当 "13800000001"申请"outdoor-ad"，填写
      | business_name  | "青溪县小满茶饮店"     |
      | credit_code    | "91350100M000100Y43"   |
      | legal_name     | "林小满"               |
      | phone          | "13800000001"          |
      | sign_kind      | "招牌"                 |
      | address        | "青溪县滨河路12号门头" |
      | sign_width     | "3"                    |
      | sign_height    | "0.8"                  |
      | is_lit         | "yes"                  |
      | words          | "小满茶饮"             |
      | premises_owned | "own"                  |
      | by_agent       | "no"                   |
    当 "w001"办理，结果为"accept"，意见为"材料齐全，予以受理。"
    而且 "c001"办理，结果为"pass"，意见为"符合规范。"
    而且 "c001"办理，结果为"approve"，意见为"准予设置。"
    那么 被拒绝，代码为"authorisation.missing"
    当 "c002"办理，结果为"approve"，意见为"准予设置。"
    那么 申请的状态为"approved"

  场景: 超出范围的申请只有部门负责人能决定
    当 "13800000001"申请"food-licence"，填写
      | business_name | "青溪县小满海鲜馆"     |
      | credit_code   | "91350100M000100Y43"   |
      | legal_name    | "林小满"               |
      | phone         | "13800000001"          |
      | address       | "青溪县滨河路12号"     |
      | floor_area    | "36"                   |
      | business_form | "餐饮服务经营者"       |
      | operations    | ["生食类食品制售"]     |
      | is_online     | "no"                   |
      | by_agent      | "no"                   |
    当 "w001"办理，结果为"accept"，意见为"材料齐全，予以受理。"
    而且 "m001"办理，结果为"decide"，意见为"材料符合要求。"
    而且 "m003"办理，结果为"approve"，意见为"准予许可。"
    那么 被拒绝，代码为"authorisation.leader"
    而且 申请的状态为"accepted"
    当 "m004"办理，结果为"approve"，意见为"经审查符合条件，准予许可。"
    那么 申请的状态为"approved"
    而且 有1份证照

  场景: 开饭店超出授权范围的，部门意见由负责人提出，退回重审后也一样
    当 "13800000003"申请"open-restaurant"，填写
      | business_name   | "青溪县知味海鲜楼"   |
      | credit_code     | "91350100M000100Y43" |
      | legal_name      | "宋知味"             |
      | phone           | "13800000003"        |
      | address         | "青溪县滨河路66号"   |
      | floor_area      | "620"                |
      | level           | "ground"             |
      | premises_owned  | "own"                |
      | operations      | ["热食类食品制售"]   |
      | has_sign        | "yes"                |
      | sign_words      | "知味海鲜楼"         |
      | sign_width      | "12"                 |
      | sign_height     | "1.2"                |
      | sign_is_lit     | "yes"                |
      | fire_way        | "commitment"         |
      | has_fire_system | "no"                 |
      | by_agent        | "no"                 |
    当 "w001"办理，结果为"accept"，意见为"材料齐全，予以受理。"
    而且 "c001"办理，结果为"pass"，意见为"符合规范。"
    而且 "c002"办理，结果为"agree"，意见为"同意。"
    那么 被拒绝，代码为"authorisation.leader"
    当 "c003"办理，结果为"agree"，意见为"同意。"
    而且 "m001"办理，结果为"pass"，意见为"符合要求。"
    而且 "m001"办理，结果为"pass"，意见为"布局与图纸一致。"
    而且 "m003"办理，结果为"agree"，意见为"同意。"
    那么 被拒绝，代码为"authorisation.leader"
    当 "m004"办理，结果为"return"，意见为"请再核对冷藏设备。"
    而且 "m001"办理，结果为"pass"，意见为"已核对。"
    而且 "m001"办理，结果为"pass"，意见为"布局与图纸一致。"
    而且 "m003"办理，结果为"agree"，意见为"同意。"
    那么 被拒绝，代码为"authorisation.leader"
    当 "m004"办理，结果为"agree"，意见为"同意。"
    而且 "f001"办理，结果为"pass"，意见为"已作出承诺。"
    而且 "f002"办理，结果为"agree"，意见为"同意。"
    而且 "m004"办理，结果为"approve"，意见为"各部门都同意，准予许可。"
    那么 申请的状态为"approved"
    而且 有3份证照
