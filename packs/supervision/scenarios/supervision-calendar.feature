# language: zh-CN
功能: 监督考核周期性工作

  场景大纲: 各周期最后一个工作日应办什么
    当 按决策表"supervision-calendar"求"supervision-calendar"，条件为
      | on | <日期> |
    那么 结果为 <结果>

    @R45
    例子:
      | 日期          | 结果                                                                           |
      | @"2026-10-28" | ["window_spot_check"]                                                          |
      | @"2026-10-23" | ["window_spot_check", "window_summary"]                                        |
      | @"2026-10-30" | ["window_spot_check", "window_summary", "window_score", "township_hall_check"] |
      | @"2026-10-01" | []                                                                             |

    @R46 @R47 @R48
    例子:
      | 日期          | 结果                                                                                                                                                                                                                      |
      | @"2026-09-30" | ["window_spot_check", "window_summary", "window_score", "township_hall_check", "township_hall_notice", "openness_inspection", "enterprise_visit"]                                                                         |
      | @"2025-12-31" | ["window_spot_check", "window_score", "township_hall_check", "township_hall_notice", "township_hall_rating", "openness_inspection", "openness_score", "enterprise_visit", "station_evaluation", "environment_evaluation"] |

    @R49 @R50
    例子:
      | 日期          | 结果                                                                                                                                                                            |
      | @"2026-06-30" | ["window_spot_check", "window_score", "township_hall_check", "township_hall_notice", "openness_inspection", "enterprise_visit", "station_evaluation", "environment_evaluation"] |
