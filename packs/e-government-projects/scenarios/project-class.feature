# language: zh-CN
功能: 项目分类与评审

  场景大纲: 按类型和投资额分类
    当 按决策表"project-class"求"project-class"，条件为
      | kind       | <类型>   |
      | investment | <投资额> |
    那么 结果为 <结果>

    @R01
    例子:
      | 类型       | 投资额    | 结果      |
      | "software" | 400000    | "major"   |
      | "software" | 399999.99 | "general" |

    @R02
    例子:
      | 类型          | 投资额    | 结果      |
      | "integration" | 1000000   | "major"   |
      | "integration" | 999999.99 | "general" |

    @R03
    例子:
      | 类型       | 投资额     | 结果      |
      | "hardware" | 1200000    | "major"   |
      | "hardware" | 1199999.99 | "general" |

  场景大纲: 重大项目和一般项目走不同的路
    当 按决策表"project-class"求"project-path"，条件为
      | kind       | <类型>   |
      | investment | <投资额> |
    那么 结果为 <结果>

    @R04
    例子:
      | 类型       | 投资额 | 结果                                                                                                                           |
      | "software" | 400000 | {begins_with: "demand_analysis", demand_analysis: "experts", feasibility_study: "qualified_body", technical_review: "experts"} |
      | "software" | 100000 | {begins_with: "preliminary_design", demand_analysis: "none", feasibility_study: "none", technical_review: "office"}            |
