# language: zh-CN
功能: 城市管理周期性工作

  场景大纲: 各周期最后一个工作日应办什么
    当 按决策表"city-calendar"求"city-calendar"，条件为
      | on | <日期> |
    那么 结果为 <结果>

    @R65
    例子:
      | 日期          | 结果                  |
      | @"2026-10-30" | ["shop_front_rating"] |
      | @"2026-10-28" | []                    |
