"""The sentence of every step of a derivation as a statement prints it, zh and en.

The facts are those of contracts.rebates.steps.Step; a test holds every kind to have its sentence.
"""

from __future__ import annotations

STEP_WORDS: dict[str, tuple[str, str]] = {
    "step_part": ("{part}：基数 {base}", "{part}: base {base}"),
    "step_reduced": (
        "先扣除其他政策的返利 {by}：{before} 减至 {base}",
        "Rebates of other policies come off first, {by}: {before} becomes {base}",
    ),
    "step_units": ("数量合计 {units} 件", "Quantity in all: {units} pieces"),
    "step_group_total": ("集团合计 {total}", "The group together: {total}"),
    "step_accumulated": ("累计至本期末 {total}", "Added up to the end of the period: {total}"),
    "step_growth": (
        "本期 {actual}，对比基数 {reference}：增长 {percent} %",
        "This period {actual}, baseline {reference}: growth of {percent} %",
    ),
    "step_attainment": (
        "本期 {actual}，目标 {target}：达成 {percent} %",
        "This period {actual}, target {target}: {percent} % reached",
    ),
    "step_orders": (
        "合格订单 {orders} 单（每单不低于 {qualify}）",
        "{orders} orders qualify (from {qualify} on)",
    ),
    "step_no_baseline": (
        "本期 {actual}，没有可比基数，不产生返利",
        "This period {actual}; there is no baseline, so no rebate arises",
    ),
    "step_no_target": (
        "本期 {actual}，没有约定目标，不产生返利",
        "This period {actual}; there is no target, so no rebate arises",
    ),
    "step_negative_units": (
        "退货多于进货（{units} 件），本期不产生返利",
        "More was returned than bought ({units} pieces); no rebate arises",
    ),
    "step_below_first_units": (
        "数量 {units} 件未达到首档起点 {lower} 件，还差 {short} 件，本期不产生返利",
        "{units} pieces are {short} below the first tier at {lower}; no rebate arises",
    ),
    "step_below_first_growth": (
        "增长 {percent} % 未达到首档起点 {lower} %，还差 {short}，本期不产生返利",
        "Growth of {percent} % is below the first tier at {lower} %, {short} short; no rebate "
        "arises",
    ),
    "step_below_first_attainment": (
        "达成率 {percent} % 未达到首档起点 {lower} %，还差 {short}，本期不产生返利",
        "{percent} % of the target is below the first tier at {lower} %, {short} short; no "
        "rebate arises",
    ),
    "step_below_first_orders": (
        "合格订单 {orders} 单未达到首档起点 {lower} 单，还差 {short} 单，本期不产生返利",
        "{orders} orders are {short} below the first tier at {lower}; no rebate arises",
    ),
    "step_reached_value": (
        "{base} 达到第 {number} 档（自 {lower} 起）",
        "{base} reaches tier {number} (from {lower})",
    ),
    "step_reached_units": (
        "{units} 件达到第 {number} 档（自 {lower} 件起）",
        "{units} pieces reach tier {number} (from {lower})",
    ),
    "step_reached_growth": (
        "增长 {percent} % 达到第 {number} 档（自 {lower} % 起）",
        "Growth of {percent} % reaches tier {number} (from {lower} %)",
    ),
    "step_reached_attainment": (
        "达成率 {percent} % 达到第 {number} 档（自 {lower} % 起）",
        "{percent} % of the target reaches tier {number} (from {lower} %)",
    ),
    "step_reached_orders": (
        "{orders} 单达到第 {number} 档（自 {lower} 单起）",
        "{orders} orders reach tier {number} (from {lower})",
    ),
    "step_segment_units": (
        "第 {number} 档，{lower} 至 {until} 件（不含）的部分：{slice} 件 × {each}",
        "Tier {number}, the part from {lower} to below {until} pieces: {slice} × {each}",
    ),
    "step_segment_units_last": (
        "第 {number} 档，{lower} 件及以上的部分：{slice} 件 × {each}",
        "Tier {number}, the part from {lower} pieces: {slice} × {each}",
    ),
    "step_segment_growth": (
        "第 {number} 档，增长 {lower} % 至 {until} %（不含）的部分：{slice} × {reward}",
        "Tier {number}, growth from {lower} % to below {until} %: {slice} × {reward}",
    ),
    "step_segment_growth_last": (
        "第 {number} 档，增长 {lower} % 及以上的部分：{slice} × {reward}",
        "Tier {number}, growth from {lower} %: {slice} × {reward}",
    ),
    "step_segment_attainment": (
        "第 {number} 档，目标 {lower} % 至 {until} %（不含）的部分：{slice} × {reward}",
        "Tier {number}, from {lower} % to below {until} % of the target: {slice} × {reward}",
    ),
    "step_segment_attainment_last": (
        "第 {number} 档，目标 {lower} % 及以上的部分：{slice} × {reward}",
        "Tier {number}, from {lower} % of the target: {slice} × {reward}",
    ),
    "step_segment_lump": (
        "第 {number} 档（自 {lower} 起）已达到：{sum}",
        "Tier {number} (from {lower}) is reached: {sum}",
    ),
    "step_pays_percent": ("{base} × {rate}", "{base} × {rate}"),
    "step_pays_units": ("{units} 件 × {each}", "{units} pieces × {each}"),
    "step_pays_excess": (
        "超过 {reference} 的部分：{excess} × {rate}",
        "What is above {reference}: {excess} × {rate}",
    ),
    "step_pays_excess_units": (
        "超过 {reference} 件的部分：{excess} 件 × {each}",
        "What is above {reference} pieces: {excess} × {each}",
    ),
    "step_lump": ("定额 {sum}", "Lump sum {sum}"),
    "step_lump_before": (
        "减：本期以前已达到的定额 {sum}",
        "Less: the sum reached before this period, {sum}",
    ),
    "step_multiple": (
        "满 {times} 倍（每倍 {each}）：{times} × {sum}",
        "{times} full multiples of {each}: {times} × {sum}",
    ),
    "step_group_share": (
        "集团返利 {before} 按进货额分摊：{own} ÷ {group}（{share}）",
        "The group's rebate {before} is shared by own sales: {own} ÷ {group} ({share})",
    ),
    "step_condition_attainment": (
        "销售目标达成率 {value} %：系数 {factor}{refs}",
        "Target reached to {value} %: factor {factor}{refs}",
    ),
    "step_condition_mix": (
        "品种比例达成率 {value} %：系数 {factor}{refs}",
        "Product mix reached to {value} %: factor {factor}{refs}",
    ),
    "step_condition_diversion": (
        "查实窜货 {value} 起：系数 {factor}{refs}",
        "{value} cross-territory cases upheld: factor {factor}{refs}",
    ),
    "step_condition_price_order": (
        "查实乱价 {value} 起：系数 {factor}{refs}",
        "{value} breaches of price order upheld: factor {factor}{refs}",
    ),
    "step_condition_report": (
        "未按时报送进销存 {value} 次：系数 {factor}{refs}",
        "{value} inventory reports not in time: factor {factor}{refs}",
    ),
    "step_condition_display": (
        "陈列检查不合格 {value} 次：系数 {factor}{refs}",
        "{value} display checks failed: factor {factor}{refs}",
    ),
    "step_condition_training": (
        "未按时履行培训 {value} 次：系数 {factor}{refs}",
        "{value} training duties not fulfilled: factor {factor}{refs}",
    ),
    "step_condition_fifo": (
        "未先进先出 {value} 起：系数 {factor}{refs}",
        "{value} first-in-first-out breaches: factor {factor}{refs}",
    ),
    "step_condition_collection": (
        "平均回款 {value} 天：系数 {factor}{refs}",
        "{value} days to collect on average: factor {factor}{refs}",
    ),
    "step_condition_overdue": (
        "期末最长逾期 {value} 天：系数 {factor}{refs}",
        "Oldest open item {value} days late: factor {factor}{refs}",
    ),
    "step_condition_exclusivity": (
        "独家经营（1 为已声明，0 为有竞品）{value}：系数 {factor}{refs}",
        "Exclusivity (1: declared, 0: a rival sighted) {value}: factor {factor}{refs}",
    ),
    "step_condition_unproven": (
        "{condition}：未提供证明，不予支付{refs}",
        "{condition}: no proof was brought, nothing is left{refs}",
    ),
    "step_guarantee": (
        "保底 {guarantee}：{before} 补足到保底额",
        "Guarantee {guarantee}: {before} is made up to it",
    ),
    "step_cap": ("封顶 {cap}：{before} 减至封顶额", "Cap {cap}: {before} is cut to the cap"),
    "step_minimum_payout": (
        "低于起付额 {minimum}：{before} 不予支付",
        "Below the minimum payout {minimum}: {before} is not paid",
    ),
}
