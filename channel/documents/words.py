"""Every word on a statement, in Chinese and in English; a test holds both sides complete.

A document must read the same in ten years, so its words stand here and not in the catalogues
that translate the screens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from channel.documents.model import Lang

#: key → (zh, en); braces are filled by str.format.
WORDS: dict[str, tuple[str, str]] = {
    "title": ("返利结算单", "Rebate statement"),
    "number": ("结算单号", "Statement no."),
    "date": ("结算日期", "Date"),
    "period": ("结算期间", "Period"),
    "period_span": ("{first} 至 {last}", "{first} to {last}"),
    "maker": ("厂家", "Maker"),
    "distributor": ("经销商", "Distributor"),
    "code": ("经销商编码", "Distributor code"),
    "uscc": ("统一社会信用代码", "Credit code (USCC)"),
    "address": ("地址", "Address"),
    "policy": ("返利政策", "Rebate policy"),
    "policy_version": ("{code} {name}，第 {version} 版", "{code} {name}, version {version}"),
    "contract": ("合同编号", "Contract no."),
    "method": ("计算方式", "Method"),
    "method_whole": (
        "全额返利：达到某档后，全部基数按该档比例计算",
        "Whole amount: the rate of the tier reached applies to the whole base",
    ),
    "method_segment": (
        "分段返利：各段基数分别按所在档比例计算",
        "By segment: each slice of the base at the rate of its own tier",
    ),
    "base_kind": ("计算基数", "Base"),
    "base_net": ("已开票金额（不含税，扣除退货）", "Invoiced value excluding VAT, less returns"),
    "base_gross": ("已开票金额（含税，扣除退货）", "Invoiced value including VAT, less returns"),
    "currency": ("币种", "Currency"),
    "run": ("结算批次", "Run"),
    "unit_cny": ("单位：元", "Amounts in CNY"),
    "unit_other": ("单位：{currency}", "Amounts in {currency}"),
    "amount_now": ("本次结算返利", "Rebate of this statement"),
    "amount_now_tax": ("本次结算返利（含税）", "Rebate of this statement, incl. VAT"),
    "amount_back": ("本次冲回返利", "Rebate taken back"),
    "amount_words": ("大写", "In words (Chinese)"),
    "section_base": ("结算基数", "Base"),
    "section_tiers": ("返利档位", "Tiers"),
    "section_conditions": ("附加条件", "Conditions"),
    "section_steps": ("计算过程", "Derivation"),
    "section_tax": ("税额拆分与红字发票", "Tax split and red-letter invoice"),
    "section_pool": ("返利池", "Rebate pool"),
    "month": ("月份", "Month"),
    "group": ("产品组", "Product group"),
    "lines": ("行数", "Lines"),
    "invoiced": ("开票金额", "Invoiced"),
    "returned": ("退货金额", "Returned"),
    "net": ("净额", "Net"),
    "subtotal": ("小计", "Subtotal"),
    "total": ("合计", "Total"),
    "no_lines": ("本期没有计入基数的发票。", "No invoices count towards the base of this period."),
    "tier": ("档位", "Tier"),
    "tier_number": ("第 {number} 档", "Tier {number}"),
    "tier_from": ("自（含）", "From (incl.)"),
    "tier_to": ("至（不含）", "To (excl.)"),
    "tier_open": ("不封顶", "no limit"),
    "rate": ("返利比例", "Rate"),
    "slice": ("适用基数", "Base applied"),
    "tier_amount": ("返利", "Rebate"),
    "hit": ("适用", "Applies"),
    "hit_mark": ("● 达到", "● reached"),
    "to_next": (
        "距下一档还差 {short}。",
        "{short} short of the next tier.",
    ),
    "condition": ("条件", "Condition"),
    "met": ("是否达成", "Met"),
    "met_yes": ("√ 达成", "✓ met"),
    "met_no": ("× 未达成", "× not met"),
    "evidence": ("依据", "Evidence"),
    "section_reports": ("本期进销存报送", "Inventory reports of the period"),
    "report_period": ("期间", "Period"),
    "report_due": ("应报日", "Due"),
    "report_filed": ("首次报送", "First filed"),
    "report_state": ("按时与否", "On time"),
    "report_in_time": ("√ 按时", "✓ in time"),
    "report_late": ("× 迟报 {days} 个工作日", "× late by {days} working days"),
    "report_waiting": ("未到期", "not due yet"),
    "no_conditions": ("本政策没有附加条件。", "This policy has no further conditions."),
    "step": ("步骤", "Step"),
    "explanation": ("说明", "Explanation"),
    "step_amount": ("金额", "Amount"),
    "step_base_rounding": (
        "基数合计 {exact}，四舍五入到分：{base}",
        "Sum of the base {exact}, rounded half up to two decimals: {base}",
    ),
    "step_negative_base": (
        "基数为负（{base}），本期不产生返利",
        "The base is negative ({base}); no rebate arises",
    ),
    "step_below_first_tier": (
        "基数 {base} 未达到首档起点 {lower}，还差 {short}，本期不产生返利",
        "The base {base} is {short} below the first tier at {lower}; no rebate arises",
    ),
    "step_tier": (
        "达到第 {number} 档（自 {lower} 起）：{base} × {rate}",
        "Tier {number} (from {lower}) is reached: {base} × {rate}",
    ),
    "step_segment": (
        "第 {number} 档，{lower} 至 {until}（不含）的部分：{slice} × {rate}",
        "Tier {number}, the part from {lower} to below {until}: {slice} × {rate}",
    ),
    "step_segment_last": (
        "第 {number} 档，{lower} 及以上的部分：{slice} × {rate}",
        "Tier {number}, the part from {lower}: {slice} × {rate}",
    ),
    "step_rounding": (
        "四舍五入到分（仅此一次）：{exact} 计为 {rounded}",
        "Rounded half up to two decimals, once: {exact} becomes {rounded}",
    ),
    "step_cap": ("封顶 {cap}:{before} 减至封顶额", "Cap {cap}: {before} is cut to the cap"),
    "step_minimum_payout": (
        "低于起付额 {minimum}:{before} 不予支付",
        "Below the minimum payout {minimum}: {before} is not paid",
    ),
    "entitlement": ("本期应得返利", "Rebate earned for the period"),
    "granted_before": ("减：本期以前已结算", "Less: granted by earlier statements"),
    "amount": ("本次结算金额", "Amount of this statement"),
    "rounding_rule": (
        "舍入规则：基数按结算单汇总后四舍五入到分一次，返利结果再四舍五入到分一次，其余各步不舍入。",
        "Rounding: the base is rounded half up to two decimals once per statement, the rebate "
        "once more; no other step is rounded.",
    ),
    "tax_gross": ("价税合计", "Gross"),
    "tax_net": ("不含税金额", "Net"),
    "tax_line": ("税额（税率 {rate}）", "VAT at {rate}"),
    "red_invoice": ("红字发票号", "Red-letter invoice no."),
    "no_tax": (
        "本结算单不拆分税额。",
        "No tax is split on this statement.",
    ),
    "pool_opening": ("期初余额", "Opening"),
    "pool_earned": ("本期增加", "Earned"),
    "pool_used": ("本期使用", "Used"),
    "pool_penalty": ("违约处罚 {case}（{number}，{on}）", "Penalty, case {case} ({number}, {on})"),
    "pool_penalty_back": (
        "处罚撤销 {case}（{number}，{on}）",
        "Penalty given back, case {case} ({number}, {on})",
    ),
    "pool_withheld": (
        "暂扣返利 {case}（{number}，{on}）",
        "Withheld, case {case} ({number}, {on})",
    ),
    "pool_withheld_back": (
        "解除暂扣 {case}（{number}，{on}）",
        "Let go, case {case} ({number}, {on})",
    ),
    "pool_closing": ("期末余额", "Closing"),
    "no_pool": ("不计入返利池。", "Not booked to a rebate pool."),
    "objection": (
        "如对本结算单有异议，请于收到之日起 {days} 日内以书面形式提出"
        "；逾期未提出的，按合同约定视为确认。",
        "Objections are to be raised in writing within {days} days of receipt; after that the "
        "statement counts as confirmed under the contract.",
    ),
    "not_invoice": ("本结算单不是发票。", "This statement is not a tax invoice."),
    "prepared_by": ("制表", "Prepared by"),
    "reviewed_by": ("复核", "Reviewed by"),
    "approved_by": ("审批", "Approved by"),
    "maker_side": ("厂家（盖章）", "For the maker (seal)"),
    "distributor_side": ("经销商确认（盖章）", "Confirmed by the distributor (seal)"),
    "signature": ("授权代表签字", "Authorised signature"),
    "signed_on": ("日期", "Date"),
    "blank_date": ("          年      月      日", ""),
    "agreement_title": ("经销合同", "Distribution contract"),
    "agreement_amended": (
        "经销合同（第 {version} 版）",
        "Distribution contract, version {version}",
    ),
    "agreement_number": ("合同编号", "Contract no."),
    "agreement_version": ("版本", "Version"),
    "agreement_term": ("合同期限", "Term"),
    "agreement_reason": ("本版缘由", "Reason of this version"),
    "agreement_approved": ("审批人", "Approved by"),
    "agreement_date": ("审批日期", "Approved on"),
    "agreement_terms_hash": ("条款校验码", "Hash of the terms"),
    "agreement_draft": ("草稿：未经审批，不具效力", "Draft: not approved, without effect"),
    "agreement_preamble": (
        "甲、乙双方就产品经销事宜达成如下约定。",
        "The parties agree on the distribution of the maker's goods as follows.",
    ),
    "agreement_copies": (
        "本合同一式两份，双方各执一份，自双方签字盖章之日起成立，在合同期限内有效。",
        "This contract is made in two copies, one for each party, is concluded when both have "
        "signed and sealed it, and is in effect for its term.",
    ),
    "resale_stamp": (
        "固定转售价格条款 · 已经法务审查（审查人：{reviewer}）",
        "Fixed resale price · legal review passed ({reviewer})",
    ),
    "amendments_title": ("补充协议一览", "Amendments"),
    "amendment_title": ("补充协议", "Amendment"),
    "amendment_head": (
        "补充协议（第 {version} 版），{first} 至 {last}",
        "Amendment, version {version}, {first} to {last}",
    ),
    "amendment_preamble": (
        "甲、乙双方就经销合同 {number} 作如下补充；期满后恢复执行原约定，未提及的条款不变。",
        "The parties amend the distribution contract {number} as follows. After its last day the "
        "earlier words apply again; clauses not named here stay as they are.",
    ),
    "clause": ("条款", "Clause"),
    "reads_before": ("原约定", "Before"),
    "reads_after": ("现约定", "Now"),
    "no_changes": ("条款文字没有变化。", "No clause reads differently."),
    "notice_title": ("整改通知", "Breach notice"),
    "notice_number": ("通知编号", "Notice no."),
    "notice_date": ("发出日期", "Issued on"),
    "notice_reply": ("答复与整改期限", "Reply and remedy by"),
    "notice_to": ("致", "To"),
    "notice_preamble": (
        "根据双方经销合同 {number}（第 {version} 版），贵方在下列事项上未按约履行：",
        "Under the distribution contract {number}, version {version}, the following was not kept:",
    ),
    "notice_duty": (
        "第十一条 其他约定：{text}（应于 {due} 前履行）",
        "11. Other duties: {text} (due {due})",
    ),
    "notice_demand": (
        "请贵方于 {reply} 前完成整改并书面答复。逾期未整改的，甲方将按合同约定处理。",
        "Please mend this and answer in writing by {reply}. Otherwise the maker proceeds as the "
        "contract provides.",
    ),
    "notice_issued_by": ("经办人", "Issued by"),
    "party_maker": ("甲方（厂家）", "Maker"),
    "party_distributor": ("乙方（经销商）", "Distributor"),
    "party_seal_maker": ("甲方（盖章）", "For the maker (seal)"),
    "party_seal_distributor": ("乙方（盖章）", "For the distributor (seal)"),
    "page": ("第 ", "Page "),
    "page_of": (" 页 / 共 ", " of "),
    "page_end": (" 页", ""),
    "digest": ("文档校验码", "Document hash"),
}


def words_in(
    lang: Lang, more: Mapping[str, tuple[str, str]] = MappingProxyType({})
) -> Callable[..., str]:
    """`word("key", name=value)` → the sentence in this language; KeyError for an unknown key.

    `more` are the words of one kind of paper beside those of all.
    """
    side = 0 if lang == "zh" else 1
    table = {**WORDS, **more}

    def word(key: str, **values: object) -> str:
        text = table[key][side]
        return text.format(**values) if values else text

    return word
