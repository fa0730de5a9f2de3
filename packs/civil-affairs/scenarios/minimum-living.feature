# language: zh-CN
功能: 最低生活保障

  场景大纲: 低保标准
    当 按决策表"minimum-living"求"living-standard"，条件为
      | area | <户籍> |
    那么 结果为 <结果>

    @R20
    例子:
      | 户籍    | 结果 |
      | "urban" | 330  |
      | "rural" | 185  |

  场景大纲: 计划生育扶助金和奖励金不计入家庭收入
    当 按决策表"minimum-living"求"counted-income"，条件为
      | income      | 1200   |
      | income_kind | <种类> |
    那么 结果为 <结果>

    @R21
    例子:
      | 种类                      | 结果 |
      | "family_planning_support" | 0    |
      | "family_planning_reward"  | 0    |
      | "other"                   | 1200 |

  场景大纲: 70周岁以上增发
    当 按决策表"minimum-living"求"age-supplement"，条件为
      | area | <户籍> |
      | age  | <年龄> |
    那么 结果为 <结果>

    @R22
    例子:
      | 户籍    | 年龄 | 结果 |
      | "urban" | 70   | 35   |
      | "rural" | 70   | 20   |
      | "urban" | 69   | 0    |
