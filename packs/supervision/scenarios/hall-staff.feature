# language: zh-CN
功能: 大厅值守与人员更换

  场景大纲: 大厅领导值周，部门领导每周半个工作日
    当 按决策表"hall-staff"求"leader-duty"，条件为
      | leader    | <领导>   |
      | half_days | <半天数> |
    那么 结果为 <结果>

    @R44
    例子:
      | 领导         | 半天数 | 结果                                   |
      | "hall"       | 1      | {duty: "week_rota", state: "met"}      |
      | "hall"       | 0      | {duty: "week_rota", state: "short"}    |
      | "department" | 1      | {duty: "half_workday", state: "met"}   |
      | "department" | 0      | {duty: "half_workday", state: "short"} |

  场景大纲: 进厅满一年才能更换
    当 按决策表"hall-staff"求"staff-replacement"，条件为
      | posted_on | @"2025-03-01" |
      | staff     | <人员>        |
      | on        | <更换日期>    |
      | asked_by  | <谁提出>      |
    那么 结果为 <结果>

    @R57
    例子:
      | 人员     | 更换日期      | 谁提出       | 结果             |
      | "window" | @"2026-03-01" | "centre"     | "allowed"        |
      | "window" | @"2026-02-28" | "centre"     | "too_early"      |
      | "window" | @"2026-03-01" | "department" | "by_centre_only" |

    @R58
    例子:
      | 人员       | 更换日期      | 谁提出       | 结果        |
      | "approval" | @"2026-02-28" | "department" | "too_early" |
      | "approval" | @"2026-03-01" | "department" | "allowed"   |
