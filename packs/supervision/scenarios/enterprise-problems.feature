# language: zh-CN
功能: 走访客商收集问题

  场景大纲: 每年40条以上
    当 按决策表"enterprise-problems"求"enterprise-problems"，条件为
      | kind  | <种类> |
      | count | <次数> |
    那么 结果为 <结果>

    @R48
    例子:
      | 种类                  | 次数 | 结果                        |
      | "enterprise_problems" | 40   | {state: "met", least: 40}   |
      | "enterprise_problems" | 39   | {state: "short", least: 40} |
