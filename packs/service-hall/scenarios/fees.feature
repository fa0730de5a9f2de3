# language: zh-CN
功能: 不动产首次登记的收费标准
  费用由收费标准决定，窗口不填写，也不能改。减免见 fee-reductions。

  背景:
    假定 日期为 2026-03-02

  场景大纲: 按用途和证书本数
    当 按决策表"fees"求"real-estate-standard"，条件为
      | answers | {house_use: "<用途>", certificate_count: <本数>} |
    那么 结果为 <金额>
    而且 命中规则 <规则>

    例子:
      | 用途           | 本数 | 金额 | 规则 |
      | 住宅           | 1    | 80   | 1    |
      | 住宅           | 2    | 90   | 1    |
      | 车库车位储藏室 | 1    | 80   | 2    |
      | 农村住宅       | 1    | 10   | 3    |
      | 农村住宅       | 3    | 30   | 3    |
      | 非住宅         | 1    | 550  | 4    |
      | 非住宅         | 2    | 560  | 4    |

  场景: 没有这种用途就没有标准
    当 按决策表"fees"求"real-estate-standard"，条件为
      | answers | {house_use: "飞船", certificate_count: 1} |
    那么 没有结果
    而且 没有命中规则
