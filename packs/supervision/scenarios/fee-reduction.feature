# language: zh-CN
功能: 规费减免

  场景大纲: 减免要有政府批准、金额和依据
    当 按决策表"fee-reduction"求"fee-reduction"，条件为
      | is_personal_quota | <个人减免权> |
      | is_approved       | <批准>       |
      | has_amount        | <金额>       |
      | has_basis         | <依据>       |
    那么 结果为 <结果>

    @R15
    例子:
      | 个人减免权 | 批准  | 金额  | 依据  | 结果                |
      | true       | true  | true  | true  | "no_personal_quota" |
      | false      | false | true  | true  | "approval_missing"  |
      | false      | true  | false | true  | "amount_missing"    |
      | false      | true  | true  | false | "basis_missing"     |
      | false      | true  | true  | true  | "allowed"           |
