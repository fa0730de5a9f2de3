# language: zh-CN
功能: 建议提案办理步骤

  场景大纲: 初访、答复稿审签、再访、整改、办结
    当 按决策表"proposal-steps"求"proposal-steps"，条件为
      | last_step | <已完成> |
    那么 结果为 <结果>

    @R64
    例子:
      | 已完成           | 结果             |
      | "assigned"       | "first_visit"    |
      | "first_visit"    | "reply_approval" |
      | "reply_approval" | "second_visit"   |
      | "second_visit"   | "rectification"  |
      | "rectification"  | "close"          |
