# language: zh-CN
功能: 绩效考评怎样计分
  规则事先定好：分值、上限、计入部门还是也计入个人和窗口，都由这张表决定；考评期开始之日有效的规则管一个考评期。

  背景:
    假定 日期为 2026-03-02

  @score_start
  场景大纲: 基础分
    当 按决策表"scores"求"score-start"，条件为
      | of | "<对象>" |
    那么 结果为 100
    而且 命中规则 1

    例子:
      | 对象       |
      | department |
      | window     |
      | person     |

  @score
  场景大纲: 加分和扣分
    当 按决策表"scores"求"score"，条件为
      | event | "<事由>" |
      | days  | <天数>   |
    那么 结果为 {points: <分值>, most: <上限>, department: <部门>, person: <个人>}
    而且 命中规则 <规则>

    例子:
      | 事由                    | 天数 | 分值 | 上限 | 部门 | 个人  | 规则 |
      | completed.early         | 0    | 0.1  | 5    | true | true  | 1    |
      | completed.on_time       | 0    | 0    | null | true | true  | 2    |
      | completed.late          | 1    | -2   | null | true | true  | 3    |
      | completed.late          | 3    | -2   | null | true | true  | 3    |
      | completed.late          | 4    | -5   | null | true | true  | 4    |
      | warning.overdue         | 0    | -1   | null | true | true  | 5    |
      | accepted_by_silence     | 0    | -5   | null | true | true  | 6    |
      | rated.satisfied         | 0    | 0.1  | 5    | true | true  | 7    |
      | rated.fair              | 0    | 0    | null | true | true  | 8    |
      | rated.dissatisfied      | 0    | -2   | null | true | true  | 9    |
      | correction.sent         | 0    | -2   | null | true | false | 10   |
      | correction.returned     | 0    | -1   | null | true | false | 11   |
      | correction.replied_late | 0    | -1   | null | true | false | 12   |
      | correction.closed       | 0    | 1    | null | true | false | 13   |
      | correction.taken_back   | 0    | 2    | null | true | false | 14   |
      | complaint.upheld        | 0    | -5   | null | true | false | 15   |
      | complaint.partly        | 0    | -2   | null | true | false | 16   |
