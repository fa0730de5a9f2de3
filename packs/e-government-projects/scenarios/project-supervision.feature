# language: zh-CN
功能: 项目监理

  场景大纲: 50万元以上的项目先备案监理再开工
    当 按决策表"project-supervision"求"project-supervision"，条件为
      | investment           | <投资额>   |
      | is_supervisor_filed  | <监理单位> |
      | is_certificate_filed | <证书>     |
    那么 结果为 <结果>

    @R05
    例子:
      | 投资额    | 监理单位 | 证书  | 结果                                                     |
      | 500000    | true     | true  | {supervision: "mandatory", start: "allowed"}             |
      | 500000    | false    | true  | {supervision: "mandatory", start: "supervisor_missing"}  |
      | 500000    | true     | false | {supervision: "mandatory", start: "certificate_missing"} |
      | 499999.99 | false    | false | {supervision: "optional", start: "allowed"}              |
