# language: zh-CN
功能: 按年龄上门的社区服务

  场景大纲: 60岁、独居、80岁各有服务
    当 按决策表"age-services"求"age-services"，条件为
      | age         | <年龄> |
      | lives_alone | <独居> |
    那么 结果为 <结果>

    @R23b
    例子:
      | 年龄 | 独居  | 结果                                  |
      | 59   | true  | []                                    |
      | 60   | false | ["convenience_card"]                  |
      | 60   | true  | ["convenience_card", "door_bell"]     |
      | 80   | false | ["convenience_card", "birthday_cake"] |
