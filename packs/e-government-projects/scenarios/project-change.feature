# language: zh-CN
功能: 合同变更与超计划

  场景大纲: 变更按占合同价款的比例分办
    当 按决策表"project-change"求"project-change"，条件为
      | contract_price | 1000000    |
      | change_amount  | <变更额度> |
      | reading        | <口径>     |
    那么 结果为 <结果>

    @R06
    例子:
      | 变更额度 | 口径 | 结果                     |
      | 99999    | null | "change_form"            |
      | 100001   | null | "review_and_procurement" |
      | -100001  | null | "review_and_procurement" |

    @R06 @Q01 @Q01-form
    例子:
      | 变更额度 | 口径   | 结果          |
      | 100000   | "form" | "change_form" |

    @R06 @Q01 @Q01-review
    例子:
      | 变更额度 | 口径     | 结果                     |
      | 100000   | "review" | "review_and_procurement" |
      | 100000   | null     | "review_and_procurement" |

  场景大纲: 财政资金项目超计划还要报告财政部门
    当 按决策表"project-change"求"over-plan"，条件为
      | is_municipal_money | <财政资金> |
      | is_over_plan       | <超计划>   |
    那么 结果为 <结果>

    @R07
    例子:
      | 财政资金 | 超计划 | 结果             |
      | true     | true   | "finance_report" |
      | true     | false  | "none"           |
      | false    | true   | "none"           |
