# language: zh-CN
功能: 国有资金工程的招标方式

  场景大纲: 国有资金工程都进中心，按金额分公开和邀请
    当 按决策表"tender-method"求"tender-method"，条件为
      | is_state_funded | <国有资金> |
      | amount          | <金额>     |
      | reading         | <口径>     |
    那么 结果为 <结果>

    @R11
    例子:
      | 国有资金 | 金额      | 口径 | 结果                                          |
      | true     | 300000.01 | null | {method: "public", place: "centre"}           |
      | false    | 9000000   | null | {method: "not_covered", place: "not_covered"} |

    @R12
    例子:
      | 国有资金 | 金额      | 口径 | 结果                                 |
      | true     | 299999.99 | null | {method: "invited", place: "centre"} |

    @R11 @R12 @Q14 @Q14-public
    例子:
      | 国有资金 | 金额   | 口径     | 结果                                |
      | true     | 300000 | null     | {method: "public", place: "centre"} |
      | true     | 300000 | "public" | {method: "public", place: "centre"} |

    @R11 @R12 @Q14 @Q14-invited
    例子:
      | 国有资金 | 金额   | 口径      | 结果                                 |
      | true     | 300000 | "invited" | {method: "invited", place: "centre"} |
