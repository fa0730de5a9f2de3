# language: zh-CN
功能: 440便民服务

  场景大纲: 全天都有人
    当 按决策表"repair-service"求"repair-service"，条件为
      | at | <时间> |
    那么 结果为 <结果>

    @R59
    例子:
      | 时间        | 结果      |
      | @"00:00:00" | "on_call" |
      | @"12:00:00" | "on_call" |
      | @"23:59:59" | "on_call" |
