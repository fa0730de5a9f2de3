# language: zh-CN
功能: 矛盾纠纷分级化解

  场景大纲: 一般1天、复杂3天、重大7天
    当 按决策表"disputes"求"dispute-limit"，条件为
      | dispute | <纠纷> |
    那么 结果为 <结果>

    @R42
    例子:
      | 纠纷      | 结果                         |
      | "general" | {days: 1, level: "group"}    |
      | "complex" | {days: 3, level: "village"}  |
      | "major"   | {days: 7, level: "township"} |

  场景大纲: 最后一天还算按时
    当 按决策表"disputes"求"dispute-state"，条件为
      | dispute | <纠纷> |
      | days    | <天数> |
    那么 结果为 <结果>

    @R42
    例子:
      | 纠纷      | 天数 | 结果      |
      | "complex" | 3    | "in_time" |
      | "complex" | 4    | "overdue" |

  场景大纲: 小事不出村、大事不出乡、难事市终结
    当 按决策表"disputes"求"matter-level"，条件为
      | matter | <事情> |
    那么 结果为 <结果>

    @R43
    例子:
      | 事情    | 结果       |
      | "small" | "village"  |
      | "big"   | "township" |
      | "hard"  | "city"     |
