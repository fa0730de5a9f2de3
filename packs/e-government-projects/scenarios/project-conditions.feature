# language: zh-CN
功能: 项目审批与拨付的条件

  场景大纲: 先备案后招标，先验收评审后拨付
    当 按决策表"project-conditions"求"project-step"，条件为
      | step                   | <要办的事> |
      | is_tender_filed        | <招标文件> |
      | is_accepted            | <验收>     |
      | is_settlement_reviewed | <结算评审> |
    那么 结果为 <结果>

    @R08
    例子:
      | 要办的事  | 招标文件 | 验收  | 结算评审 | 结果                      |
      | "tender"  | true     | false | false    | "allowed"                 |
      | "tender"  | false    | false | false    | "tender_document_missing" |
      | "payment" | true     | true  | true     | "allowed"                 |
      | "payment" | true     | false | false    | "acceptance_missing"      |
      | "payment" | true     | true  | false    | "settlement_missing"      |

  场景大纲: 不予审批的理由逐条列出
    当 按决策表"project-conditions"求"project-objections"，条件为
      | project_year        | 2027     |
      | has_idle_project    | <闲置>   |
      | has_operating_money | <运维费> |
      | has_machine_room    | <机房>   |
      | has_private_line    | <专线>   |
      | declared_on         | <申报>   |
    那么 结果为 <结果>

    @R09
    例子:
      | 闲置  | 运维费 | 机房  | 专线  | 申报          | 结果          |
      | true  | false  | false | false | @"2026-11-20" | ["suspended"] |
      | false | false  | false | false | @"2026-11-20" | []            |

    @R10
    例子:
      | 闲置  | 运维费 | 机房  | 专线  | 申报          | 结果                |
      | false | true   | false | false | @"2026-11-20" | ["operating_money"] |
      | false | false  | true  | false | @"2026-11-20" | ["machine_room"]    |
      | false | false  | false | true  | @"2026-11-20" | ["private_line"]    |

    @R63
    例子:
      | 闲置  | 运维费 | 机房  | 专线  | 申报          | 结果                   |
      | false | false  | false | false | @"2026-12-31" | []                     |
      | false | false  | false | false | @"2027-01-01" | ["declared_too_late"]  |
      | false | false  | false | false | @"2025-12-31" | ["declared_too_early"] |
