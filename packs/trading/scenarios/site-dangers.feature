# language: zh-CN
功能: 在建工程隐患月报

  场景大纲: 月底报隐患登记和销号
    当 按决策表"site-dangers"求"site-dangers"，条件为
      | on         | <日期>   |
      | has_report | <已上报> |
    那么 结果为 <结果>

    @R52
    例子:
      | 日期          | 已上报 | 结果      |
      | @"2026-10-30" | false  | "due"     |
      | @"2026-10-30" | true   | "done"    |
      | @"2026-10-29" | false  | "not_yet" |
