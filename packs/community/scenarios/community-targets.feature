# language: zh-CN
功能: 社区年度次数

  场景大纲: 每人每年至少走访4次
    当 按决策表"community-targets"求"community-targets"，条件为
      | kind  | <种类> |
      | count | <次数> |
    那么 结果为 <结果>

    @R51
    例子:
      | 种类            | 次数 | 结果                       |
      | "member_visits" | 4    | {state: "met", least: 4}   |
      | "member_visits" | 3    | {state: "short", least: 4} |
