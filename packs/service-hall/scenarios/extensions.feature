# language: zh-CN
功能: 办理期限最多可以延长多久
  在期限内不能作出决定的，经负责人批准可以延长一次。延长多久由这张表决定，经办人和负责人都不填写。

  背景:
    假定 日期为 2026-03-02

  场景大纲: 按事项和办件类型
    当 按决策表"extensions"求"extension"，条件为
      | item | "<事项>" |
      | kind | "<类型>" |
    那么 结果为 <延长>
    而且 命中规则 <规则>

    例子:
      | 事项            | 类型     | 延长 | 规则 |
      | food-licence    | promised | 5    | 1    |
      | hotel-hygiene   | promised | 10   | 2    |
      | open-restaurant | joint    | 15   | 3    |

  场景: 当场办结的不延长
    当 按决策表"extensions"求"extension"，条件为
      | item | "sole-trader" |
      | kind | "on_the_spot" |
    那么 没有结果
    而且 没有命中规则
