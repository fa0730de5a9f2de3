# language: zh-CN
功能: 公示几天
  公示天数由时限表决定，流程里不写。

  背景:
    假定 日期为 2026-03-02

  场景大纲: 按事项
    当 按决策表"limits"求"publicity-days"，条件为
      | item | {code: "<事项>"} |
    那么 结果为 <天数>
    而且 命中规则 <规则>

    例子:
      | 事项                   | 天数 | 规则 |
      | minimum-living         | 7    | 1    |
      | disability-certificate | 5    | 2    |

  场景: 别的事项不公示
    当 按决策表"limits"求"publicity-days"，条件为
      | item | {code: "sole-trader"} |
    那么 没有结果
    而且 没有命中规则
