# language: zh-CN
功能: 工作月历

  场景大纲: 月底汇报，未完成的说明原因、重新承诺
    当 按决策表"work-calendar"求"work-calendar"，条件为
      | on               | <日期>   |
      | is_finished      | <完成>   |
      | is_explained     | <说明>   |
      | has_new_deadline | <新期限> |
    那么 结果为 <结果>

    @R60
    例子:
      | 日期          | 完成  | 说明  | 新期限 | 结果                                |
      | @"2026-10-30" | true  | false | false  | ["progress_report"]                 |
      | @"2026-10-30" | false | false | true   | ["progress_report", "explanation"]  |
      | @"2026-10-30" | false | true  | false  | ["progress_report", "new_deadline"] |
      | @"2026-10-29" | false | false | false  | []                                  |
