# language: zh-CN
功能: 社区干部补贴与经费

  场景大纲: 书记、主任和副职的补贴
    当 按决策表"cadre-allowance"求"cadre-allowance"，条件为
      | post | <职务> |
    那么 结果为 <结果>

    @R24
    例子:
      | 职务        | 结果                       |
      | "secretary" | {amount: 560, before: 410} |
      | "director"  | {amount: 560, before: 410} |
      | "deputy"    | {amount: 530, before: 390} |

  场景大纲: 社区经费
    当 按决策表"cadre-allowance"求"community-budget"，条件为
      | post | <职务> |
    那么 结果为 <结果>

    @R24
    例子:
      | 职务 | 结果 |
      | null | 1500 |
