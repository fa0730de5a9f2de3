# language: zh-CN
功能: 收养登记

  场景大纲: 凭未生育和无子女证明办理收养登记
    当 按决策表"adoption"求"adoption"，条件为
      | has_certificate | <证明> |
    那么 结果为 <结果>

    @R25
    例子:
      | 证明  | 结果                  |
      | true  | "allowed"             |
      | false | "certificate_missing" |
