# language: zh-CN
功能: 提速目标的默认值

  场景大纲: 各目标的默认值
    当 按决策表"promise-targets"求"promise-targets"，条件为
      | target | <目标> |
    那么 结果为 <结果>

    @R33
    例子:
      | 目标                 | 结果                                                         |
      | "investment_single"  | {least: null, most: 148, unit: "working_days", before: null} |
      | "investment_joint"   | {least: 58, most: 67, unit: "working_days", before: 148}     |
      | "investment_general" | {least: null, most: 48, unit: "working_days", before: 148}   |

    @R34
    例子:
      | 目标            | 结果                                                                  |
      | "promise_share" | {least: 21.9, most: 25.7, unit: "percent_of_statutory", before: null} |

    @R36
    例子:
      | 目标                    | 结果                                                          |
      | "intermediary_speed_up" | {least: 52, most: null, unit: "percent_faster", before: null} |

    @R38
    例子:
      | 目标               | 结果                                                       |
      | "business_licence" | {least: null, most: 3, unit: "working_days", before: null} |

    @R39
    例子:
      | 目标           | 结果                                                      |
      | "food_licence" | {least: null, most: 7, unit: "calendar_days", before: 20} |

    @R41
    例子:
      | 目标             | 结果                                             |
      | "approval_steps" | {least: null, most: 3, unit: "steps", before: 8} |

  场景大纲: 提速60%以上
    当 按决策表"promise-targets"求"hall-speed-up"，条件为
      | statutory | <法定> |
      | promised  | <承诺> |
    那么 结果为 <结果>

    @R35
    例子:
      | 法定 | 承诺 | 结果    |
      | 20   | 8    | "met"   |
      | 20   | 9    | "short" |
