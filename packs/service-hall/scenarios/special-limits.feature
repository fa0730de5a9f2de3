# language: zh-CN
功能: 特别程序最长可以多久不计时
  勘验、听证、评审这样的程序不计入办理时限，但不能没有尽头：超过下面的天数，时间照计。

  背景:
    假定 日期为 2026-03-02

  场景大纲: 按情形
    当 按决策表"special-limits"求"special-limit"，条件为
      | ground | "<情形>" |
    那么 结果为 {limit: <天数>, unit: "working_days"}
    而且 命中规则 <规则>

    例子:
      | 情形            | 天数 | 规则 |
      | site_survey     | 10   | 1    |
      | hearing         | 20   | 2    |
      | expert_review   | 20   | 3    |
      | site_inspection | 10   | 4    |
      | testing         | 20   | 5    |
      | public_notice   | 15   | 6    |

  场景: 申请人补正没有上限
    当 按决策表"special-limits"求"special-limit"，条件为
      | ground | "supplement" |
    那么 没有结果
    而且 没有命中规则
