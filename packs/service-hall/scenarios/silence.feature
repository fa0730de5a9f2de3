# language: zh-CN
功能: 逾期不告知，自收到申请材料之日起即为受理
  多少个工作日以内须答复，由这张表决定，窗口人员不填写。

  背景:
    假定 日期为 2026-03-02

  场景大纲: 行政许可事项
    当 按决策表"silence"求"silence"，条件为
      | item | "<事项>" |
      | kind | "<类型>" |
    那么 结果为 5
    而且 命中规则 <规则>

    例子:
      | 事项            | 类型     | 规则 |
      | hotel-hygiene   | promised | 1    |
      | open-restaurant | joint    | 2    |

  场景: 当场办结的不适用
    当 按决策表"silence"求"silence"，条件为
      | item | "sole-trader" |
      | kind | "on_the_spot" |
    那么 没有结果
    而且 没有命中规则
