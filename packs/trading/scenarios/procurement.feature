# language: zh-CN
功能: 政府采购

  场景大纲: 数额大、技术复杂、情况特殊的会审
    当 按决策表"procurement"求"procurement-review"，条件为
      | is_large     | <数额大>   |
      | is_technical | <技术复杂> |
      | is_special   | <特殊>     |
    那么 结果为 <结果>

    @R14
    例子:
      | 数额大 | 技术复杂 | 特殊  | 结果       |
      | true   | false    | false | "joint"    |
      | false  | true     | false | "joint"    |
      | false  | false    | true  | "joint"    |
      | false  | false    | false | "ordinary" |

  场景大纲: 金额和方式都要与核准一致
    当 按决策表"procurement"求"procurement-check"，条件为
      | budget          | 500000   |
      | approved_method | "public" |
      | amount          | <金额>   |
      | method          | <方式>   |
    那么 结果为 <结果>

    @R27
    例子:
      | 金额      | 方式         | 结果                            |
      | 500000    | "public"     | []                              |
      | 500000.01 | "public"     | ["over_budget"]                 |
      | 500000    | "negotiated" | ["other_method"]                |
      | 600000    | "negotiated" | ["over_budget", "other_method"] |
