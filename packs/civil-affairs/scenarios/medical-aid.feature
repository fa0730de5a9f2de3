# language: zh-CN
功能: 医疗救助

  场景大纲: 救助方式与年封顶线
    当 按决策表"medical-aid"求"aid-kind"，条件为
      | person  | <对象> |
      | expense | <费用> |
    那么 结果为 <结果>

    @R16 @Q16
    例子:
      | 对象    | 费用            | 结果                                  |
      | "other" | "major_disease" | {kind: "capped", yearly_cap: 100000}  |
      | "other" | "hospital"      | {kind: "not_given", yearly_cap: null} |

    @R17
    例子:
      | 对象               | 费用       | 结果                                    |
      | "extreme_hardship" | "hospital" | {kind: "zero_burden", yearly_cap: null} |

    @R18
    例子:
      | 对象             | 费用       | 结果                               |
      | "special_family" | "hospital" | {kind: "capped", yearly_cap: 6000} |

  场景大纲: 本次救助到年封顶线为止
    当 按决策表"medical-aid"求"aid-amount"，条件为
      | person         | <对象>       |
      | expense        | <费用>       |
      | cost           | <个人负担>   |
      | paid_this_year | <本年已救助> |
    那么 结果为 <结果>

    @R16
    例子:
      | 对象    | 费用            | 个人负担 | 本年已救助 | 结果  |
      | "other" | "major_disease" | 30000    | 0          | 30000 |
      | "other" | "major_disease" | 30000    | 80000      | 20000 |
      | "other" | "major_disease" | 30000    | 100000     | 0     |

    @R17
    例子:
      | 对象               | 费用            | 个人负担 | 本年已救助 | 结果   |
      | "extreme_hardship" | "major_disease" | 130000   | 20000      | 130000 |

    @R18
    例子:
      | 对象             | 费用       | 个人负担 | 本年已救助 | 结果 |
      | "special_family" | "hospital" | 7000     | 0          | 6000 |

  场景大纲: 特殊家庭仍在住院的，另有一次性慈善救助
    当 按决策表"medical-aid"求"aid-charity"，条件为
      | person               | <对象>     |
      | is_still_in_hospital | <仍在住院> |
    那么 结果为 <结果>

    @R18
    例子:
      | 对象             | 仍在住院 | 结果      |
      | "special_family" | true     | "one_off" |
      | "special_family" | false    | "none"    |
      | "other"          | true     | "none"    |
