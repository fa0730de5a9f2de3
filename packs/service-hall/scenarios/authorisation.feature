# language: zh-CN
功能: 由谁决定
  首席代表凭授权委托书，在范围内代表部门决定；范围之外由部门负责人决定。

  背景:
    假定 日期为 2026-03-02

  @food_licence_authority
  场景大纲: 食品经营许可由谁决定
    当 按决策表"authorisation"求"food-licence-authority"，条件为
      | answers | {floor_area: <面积>, business_form: "<业态>", operations: <项目>} |
    那么 结果为 "<由谁>"
    而且 命中规则 <规则>

    例子:
      | 面积   | 业态             | 项目                                 | 由谁           | 规则 |
      | 500.01 | 餐饮服务经营者   | ["热食类食品制售"]                   | leader         | 1    |
      | 800    | 食品销售经营者   | null                                 | leader         | 1    |
      | 600    | 集中用餐单位食堂 | ["生食类食品制售"]                   | leader         | 1    |
      | 120    | 集中用餐单位食堂 | ["热食类食品制售"]                   | leader         | 2    |
      | 120    | 餐饮服务经营者   | ["热食类食品制售", "生食类食品制售"] | leader         | 3    |
      | 500    | 餐饮服务经营者   | ["热食类食品制售", "冷食类食品制售"] | representative | 4    |
      | 36     | 食品销售经营者   | null                                 | representative | 4    |

  @outdoor_ad_authority
  场景大纲: 户外广告设施由谁决定
    当 按决策表"authorisation"求"outdoor-ad-authority"，条件为
      | answers | {sign_kind: "<种类>", sign_width: <宽>, sign_height: <高>} |
    那么 结果为 "<由谁>"
    而且 命中规则 <规则>

    例子:
      | 种类         | 宽  | 高   | 由谁           | 规则 |
      | 大型户外广告 | 3   | 0.8  | leader         | 1    |
      | 大型户外广告 | 20  | 8    | leader         | 1    |
      | 招牌         | 10  | 1.01 | leader         | 2    |
      | 宣传品       | 20  | 0.6  | leader         | 2    |
      | 招牌         | 10  | 1    | representative | 3    |
      | 宣传品       | 8   | 0.8  | representative | 3    |

  @road_transport_authority
  场景大纲: 道路运输证由谁决定
    当 按决策表"authorisation"求"road-transport-authority"，条件为
      | answers | {gross_mass: <总质量>} |
    那么 结果为 "<由谁>"
    而且 命中规则 <规则>

    例子:
      | 总质量 | 由谁           | 规则 |
      | 40001  | leader         | 1    |
      | 40000  | representative | 2    |

  @restaurant_market_authority
  场景大纲: 开饭店的市场监管意见由谁提出
    当 按决策表"authorisation"求"restaurant-market-authority"，条件为
      | answers | {floor_area: <面积>, operations: <项目>} |
    那么 结果为 "<由谁>"
    而且 命中规则 <规则>

    例子:
      | 面积  | 项目                                 | 由谁           | 规则 |
      | 500.5 | ["热食类食品制售"]                   | leader         | 1    |
      | 800   | ["生食类食品制售"]                   | leader         | 1    |
      | 180   | ["热食类食品制售", "生食类食品制售"] | leader         | 2    |
      | 500   | ["热食类食品制售", "冷食类食品制售"] | representative | 3    |

  @restaurant_city_authority
  场景大纲: 开饭店的城市管理意见由谁提出
    当 按决策表"authorisation"求"restaurant-city-authority"，条件为
      | answers | {has_sign: "yes", sign_width: <宽>, sign_height: <高>} |
    那么 结果为 "<由谁>"
    而且 命中规则 <规则>

    例子:
      | 宽 | 高   | 由谁           | 规则 |
      | 10 | 1.01 | leader         | 1    |
      | 10 | 1    | representative | 2    |
      | 6  | 1.2  | representative | 2    |
