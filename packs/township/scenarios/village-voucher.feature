# language: zh-CN
功能: 村级支出凭证

  场景大纲: 三人签字、一枚公章
    当 按决策表"village-voucher"求"village-voucher"，条件为
      | signatures | <签字> |
      | has_seal   | <公章> |
    那么 结果为 <结果>

    @R26
    例子:
      | 签字 | 公章  | 结果                |
      | 3    | true  | "valid"             |
      | 2    | true  | "signature_missing" |
      | 3    | false | "seal_missing"      |
