# language: zh-CN
功能: 街面秩序与环卫标准

  场景大纲: 14小时无缝隙巡查
    当 按决策表"street-hours"求"street-patrol"，条件为
      | at | <时间> |
    那么 结果为 <结果>

    @R56
    例子:
      | 时间        | 结果     |
      | @"06:29:59" | "off"    |
      | @"06:30:00" | "patrol" |
      | @"20:30:00" | "patrol" |
      | @"20:30:01" | "off"    |

  场景大纲: 清扫、样板路和全天保洁
    当 按决策表"street-hours"求"sanitation-standard"，条件为
      | standard | <标准> |
    那么 结果为 <结果>

    @R56
    例子:
      | 标准              | 结果                                               |
      | "sweeping"        | {hours: 16, large_sweeps: null, fine_sweeps: null} |
      | "model_road"      | {hours: null, large_sweeps: 3, fine_sweeps: 2}     |
      | "round_the_clock" | {hours: 24, large_sweeps: null, fine_sweeps: null} |
