# language: zh-CN
功能: 按情形需要的材料
  事项的清单里写明“才需要”的材料，由决策表决定要不要。

  背景:
    假定 日期为 2026-03-02

  场景大纲: 每一种情形要什么
    当 按决策表"materials"求"<事项>"，条件为
      | answers | <情形> |
    那么 结果为 <材料>

    例子:
      | 事项              | 情形                                             | 材料                             |
      | real-estate-first | {house_use: "住宅", is_shared: "no"}             | ["taxes"]                        |
      | real-estate-first | {house_use: "农村住宅", is_shared: "yes"}        | ["shares"]                       |
      | real-estate-first | {house_use: "农村住宅", by_agent: "yes"}         | ["agent-letter"]                 |
      | real-estate-first | {house_use: "农村住宅", fee_relief: "disabled"}  | ["relief-proof"]                 |
      | real-estate-first | {house_use: "农村住宅", fee_relief: "none"}      | []                               |
      | hotel-hygiene     | {air_conditioning: "central"}                    | ["ac-report"]                    |
      | sole-trader       | {by_agent: "yes"}                                | ["agent-letter"]                 |
      | open-restaurant   | {has_sign: "yes", premises_owned: "own"}         | ["sign-drawing"]                 |
      | open-restaurant   | {has_sign: "yes", premises_owned: "rented"}      | ["sign-drawing", "sign-consent"] |
      | open-restaurant   | {has_sign: "no", fire_way: "commitment"}         | ["fire-commitment"]              |
      | open-restaurant   | {has_sign: "no", has_fire_system: "yes"}         | ["fire-system"]                  |
      | open-restaurant   | {has_sign: "no", by_agent: "yes"}                | ["agent-letter"]                 |
      | food-licence      | {operations: ["生食类食品制售"], by_agent: "no"} | ["cold-room"]                    |
      | food-licence      | {operations: ["自制饮品制售"], by_agent: "yes"}  | ["agent-letter"]                 |
      | homestead         | {land_use: "farmland", old_plan: "same"}         | ["conversion"]                   |
      | homestead         | {land_use: "built", old_plan: "return"}          | ["give-back"]                    |
      | outdoor-ad        | {sign_kind: "大型户外广告"}                      | ["structure"]                    |
      | outdoor-ad        | {sign_kind: "招牌", premises_owned: "rented"}    | ["consent"]                      |
      | outdoor-ad        | {sign_kind: "招牌", by_agent: "yes"}             | ["agent-letter"]                 |
