# language: zh-CN
功能: 重点工程的专项检查

  场景大纲: 重点水利工程按金额列入专项检查
    当 按决策表"works-inspection"求"works-inspection"，条件为
      | is_key_water_works | <重点水利> |
      | amount             | <金额>     |
      | reading            | <口径>     |
    那么 结果为 <结果>

    @R13
    例子:
      | 重点水利 | 金额    | 口径       | 结果  |
      | true     | 5000001 | null       | true  |
      | true     | 4999999 | null       | false |
      | true     | 5000000 | null       | true  |
      | true     | 5000000 | "included" | true  |
      | true     | 5000000 | "excluded" | false |
      | false    | 9000000 | null       | false |
