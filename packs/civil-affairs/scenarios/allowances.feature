# language: zh-CN
功能: 供养金与高龄补贴

  场景大纲: 特困人员供养金
    当 按决策表"allowances"求"support-allowance"，条件为
      | group | <对象> |
    那么 结果为 <结果>

    @R23
    例子:
      | 对象    | 结果                           |
      | "rural" | {amount: 3240, period: "year"} |
      | "urban" | {amount: 415, period: "month"} |

  场景大纲: 百岁老人和85岁以上老人
    当 按决策表"allowances"求"age-allowance"，条件为
      | age | <年龄> |
    那么 结果为 <结果>

    @R23
    例子:
      | 年龄 | 结果                               |
      | 100  | {kind: "centenarian", amount: 200} |
      | 84   | {kind: "none", amount: 0}          |

    @R23 @Q17
    例子:
      | 年龄 | 结果                            |
      | 85   | {kind: "special", amount: null} |
      | 99   | {kind: "special", amount: null} |
