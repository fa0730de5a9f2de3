# language: zh-CN
功能: 福彩公益金助学

  场景大纲: 每人4000元，独生子女优先
    当 按决策表"student-aid"求"student-aid"，条件为
      | is_only_child | <独生子女> |
    那么 结果为 <结果>

    @R19
    例子:
      | 独生子女 | 结果                    |
      | true     | {amount: 4000, rank: 1} |
      | false    | {amount: 4000, rank: 2} |
