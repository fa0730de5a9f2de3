# language: zh-CN
功能: 老年学校年度次数

  场景大纲: 每年不少于12次
    当 按决策表"elder-school"求"elder-school"，条件为
      | kind  | <种类> |
      | count | <次数> |
    那么 结果为 <结果>

    @R62
    例子:
      | 种类                    | 次数 | 结果                        |
      | "elder_school_sessions" | 12   | {state: "met", least: 12}   |
      | "elder_school_sessions" | 11   | {state: "short", least: 12} |
