# language: zh-CN
功能: 承诺时限与当场办结

  场景大纲: 承诺不超过20个工作日，延长要有依据
    当 按决策表"promise"求"promise-limit"，条件为
      | clock     | <时钟> |
      | promised  | <承诺> |
      | has_basis | <依据> |
    那么 结果为 <结果>

    @R30
    例子:
      | 时钟   | 承诺 | 依据  | 结果       |
      | "item" | 20   | false | "allowed"  |
      | "item" | 21   | true  | "allowed"  |
      | "item" | 21   | false | "too_long" |

    @R30 @Q13 @Q13-item
    例子:
      | 时钟   | 承诺 | 依据  | 结果       |
      | "item" | 48   | false | "too_long" |

    @R30 @Q13 @Q13-project
    例子:
      | 时钟      | 承诺 | 依据  | 结果            |
      | "project" | 48   | false | "project_total" |

  场景大纲: 材料齐全合法的当场办结
    当 按决策表"promise"求"on-the-spot"，条件为
      | is_complete | <齐全> |
      | is_lawful   | <合法> |
    那么 结果为 <结果>

    @R31
    例子:
      | 齐全  | 合法  | 结果  |
      | true  | true  | true  |
      | false | true  | false |
      | true  | false | false |

  场景大纲: 不拖天数，不拖环节
    当 按决策表"promise"求"stretched"，条件为
      | needed_days   | <需要天数> |
      | planned_days  | <安排天数> |
      | needed_steps  | <需要环节> |
      | planned_steps | <安排环节> |
    那么 结果为 <结果>

    @R32
    例子:
      | 需要天数 | 安排天数 | 需要环节 | 安排环节 | 结果      |
      | 0        | 1        | 1        | 1        | ["days"]  |
      | 1        | 2        | 1        | 1        | ["days"]  |
      | 1        | 1        | 1        | 2        | ["steps"] |
      | 0        | 0        | 1        | 1        | []        |
