# language: zh-CN
功能: 社区周期性工作

  场景大纲: 各周期最后一个工作日应办什么
    当 按决策表"community-calendar"求"community-calendar"，条件为
      | on | <日期> |
    那么 结果为 <结果>

    @R51
    例子:
      | 日期          | 结果                                          |
      | @"2026-10-30" | ["service_team_visit", "area_branch_meeting"] |
      | @"2026-10-24" | []                                            |

    @R53
    例子:
      | 日期          | 结果                                                                                               |
      | @"2026-09-30" | ["service_team_visit", "area_branch_meeting", "general_branch_meeting"]                            |
      | @"2026-06-30" | ["service_team_visit", "area_branch_meeting", "general_branch_meeting", "party_committee_meeting"] |

    @R54
    例子:
      | 日期          | 结果                                                                                                                    |
      | @"2025-12-31" | ["service_team_visit", "area_branch_meeting", "general_branch_meeting", "party_committee_meeting", "member_evaluation"] |
      | @"2026-10-28" | []                                                                                                                      |
