# language: zh-CN
功能: 投诉几个工作日内受理、几个工作日内答复
  期限由这张表决定，登记人员不填写。

  背景:
    假定 日期为 2026-03-02

  场景大纲: 按反映的问题
    当 按决策表"complaints"求"complaint"，条件为
      | subject | "<问题>" |
      | channel | "web"    |
    那么 结果为 {accept: <受理>, reply: <答复>}
    而且 命中规则 <规则>

    例子:
      | 问题     | 受理 | 答复 | 规则 |
      | delay    | 1    | 5    | 1    |
      | refusal  | 1    | 5    | 1    |
      | attitude | 2    | 15   | 2    |
