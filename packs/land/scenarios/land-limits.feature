# language: zh-CN
功能: 土地登记办理时限

  场景大纲: 个人、单位和当天办结的时限
    当 按决策表"land-limits"求"land-limits"，条件为
      | applicant | <申请人> |
    那么 结果为 <结果>

    @R40
    例子:
      | 申请人     | 结果                                        |
      | "personal" | {longest: 10, shortest: 7, before: 45}      |
      | "unit"     | {longest: 15, shortest: null, before: null} |
      | "same_day" | {longest: 0, shortest: 0, before: null}     |
