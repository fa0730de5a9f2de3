# language: zh-CN
功能: 联审会

  场景大纲: 一般项目周四下午，重大特殊项目随时
    当 按决策表"joint-review-meeting"求"joint-review-meeting"，条件为
      | project | <项目> |
      | on      | <日期> |
    那么 结果为 <结果>

    @R37
    例子:
      | 项目      | 日期          | 结果        |
      | "general" | @"2026-10-29" | "afternoon" |
      | "general" | @"2026-10-28" | "none"      |
      | "major"   | @"2026-10-28" | "any_time"  |
      | "special" | @"2026-10-29" | "any_time"  |
