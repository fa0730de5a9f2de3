# language: zh-CN
功能: 不动产首次登记减免多少
  减免由减免表决定，按收费标准算出金额，窗口不填写，也不能改。每一条减免都有依据。

  背景:
    假定 日期为 2026-03-02

  @real_estate_reduction
  场景大纲: 按申请人的情形
    当 按决策表"fee-reductions"求"real-estate-reduction"，条件为
      | answers | {<情形>} |
    那么 结果为 <结果>
    而且 命中规则 <规则>

    例子:
      | 情形                          | 结果                                       | 规则 |
      | is_small_firm: "yes"          | {ground: "小微企业、个体工商户", share: 1} | 1    |
      | fee_relief: "minimum_living"  | {ground: "最低生活保障对象", share: 1}     | 2    |
      | fee_relief: "extreme_poverty" | {ground: "特困人员", share: 1}             | 3    |
      | fee_relief: "disabled"        | {ground: "残疾人", share: 0.5}             | 4    |
      | fee_relief: "none"            | {ground: null, share: 0}                   | 5    |
      | is_small_firm: "no"           | {ground: null, share: 0}                   | 5    |
      | house_use: "住宅"             | {ground: null, share: 0}                   | 5    |
