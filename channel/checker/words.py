"""What the check says, in Chinese and in English, for people who did not write it."""

from __future__ import annotations

from channel.checker.faults import Fault
from channel.checker.recount import Verdict

#: code → (zh, en)
FAULTS: dict[str, tuple[str, str]] = {
    "format": ("文件不是返利结算单数据", "the file is no rebate statement"),
    "version": ("不认识的格式版本", "unknown version of the format"),
    "unreadable": ("内容不完整或不可读", "something is missing or cannot be read"),
    "hash": ("文档校验码与内容不符", "the hash does not belong to the content"),
    "base_line": ("基数行：开票减退货不等于净额", "base line: invoiced less returned is not net"),
    "base": ("各行相加不等于基数", "the lines do not add up to the base"),
    "base_rounded": ("基数四舍五入到分不符", "the base is rounded wrongly"),
    "line_count": ("单据行数不符", "the number of lines does not agree"),
    "amount": ("应得减已结算不等于本次金额", "earned less granted is not the amount"),
    "granted": ("以前各单相加不等于已结算", "earlier statements do not add up to granted before"),
    "tax": ("税额拆分不符", "the tax split does not agree"),
    "pool": ("返利池期末余额不符", "the pool does not add up to its closing balance"),
    "pool_earned": ("返利池增加额不等于本次金额", "what the pool earned is not the amount"),
    "terms": ("打印的政策与条款不符", "the policy printed is not the one computed"),
    "terms_hash": ("条款校验码与条款不符", "the hash of the terms does not belong to them"),
    "facts_base": ("计算所用基数与打印的基数不符", "the base computed from is not the one printed"),
    "taken_off": ("先扣除的返利与计算所用的不符",
                  "rebates taken off are not those computed with"),
    "parts": ("分项不符", "the parts do not agree"),
    "part_amount": ("分项返利不符", "the rebate of a part does not agree"),
    "to_next": ("距下一档的差额不符", "what is missing to the next tier does not agree"),
    "measured": ("档位依据的数值不符", "what the tiers are compared with does not agree"),
    "tiers": ("档数不符", "the number of tiers does not agree"),
    "tier": ("档位与条款不符", "a tier is not the agreed one"),
    "tier_slice": ("档位适用基数不符", "what a tier applies to does not agree"),
    "tier_amount": ("档位返利不符", "what a tier pays does not agree"),
    "tier_hit": ("达到的档位不符", "the tier reached does not agree"),
    "conditions": ("条件数目不符", "the number of conditions does not agree"),
    "condition": ("条件判断不符", "a condition does not agree"),
    "steps": ("计算步骤相加不符", "the steps do not add up"),
    "step": ("计算步骤不符", "a step does not agree"),
    "entitlement": ("应得返利不符", "the rebate earned does not agree"),
    "lines_count": ("明细行数不符", "the number of input lines does not agree"),
    "lines_hash": ("明细校验码与明细不符", "the hash of the lines does not belong to them"),
    "lines_base": ("明细相加不等于基数", "the input lines do not add up to the base"),
    "lines_quantity": ("明细数量相加不符", "the quantities of the lines do not add up"),
    "share": ("某行分摊的返利不符", "the share of a line does not agree"),
}  # fmt: skip
NOT_READ: dict[str, tuple[str, str]] = {
    "kind": ("请给出 JSON、PDF 或 ZIP 文件", "give a JSON, a PDF or a ZIP file"),
    "json": ("JSON 不可读", "the JSON cannot be read"),
    "pdf": ("PDF 内没有附结算单数据", "the PDF encloses no statement"),
    "zip": ("压缩包内没有结算单", "the archive holds no statement"),
    "large": ("文件过大", "the file is too large"),
}
UNCHECKED: dict[str, tuple[str, str]] = {
    "lines": ("文件不含单据明细，未核对明细", "the file holds no input lines: these are unchecked"),
    "facts": ("早期结算单不含条款和依据，只核对了相加关系",
              "an early statement without terms and facts: only sums were checked"),
}  # fmt: skip
_HOLDS = ("成立：{number}，{currency} {amount}，全部数字复核一致",
          "HOLDS: {number}, {currency} {amount}, every figure recounted")  # fmt: skip
_FAILS = ("不成立：{number}，{count} 处不符", "DOES NOT HOLD: {number}, {count} figures differ")
_FAULT = ("  ✗ {said}：{place}，单上 {told}，应为 {found}",
          "  ✗ {said}: {place} says {told}, must be {found}")  # fmt: skip
_BARE = ("  ✗ {said}：{place}", "  ✗ {said}: {place}")


def report(name: str, verdict: Verdict, lang: str) -> list[str]:
    """The lines that say whether a statement holds, or which figures do not."""
    side = 1 if lang == "en" else 0
    number = verdict.number or name
    if verdict.holds:
        amount = _yuan(verdict.amount_fen or 0)
        lines = [_HOLDS[side].format(number=number, currency=verdict.currency, amount=amount)]
    else:
        lines = [_FAILS[side].format(number=number, count=len(verdict.faults))]
        lines += [_fault(fault, side) for fault in verdict.faults]
    return lines + [f"  · {UNCHECKED[code][side]}" for code in verdict.unchecked]


def _fault(fault: Fault, side: int) -> str:
    said = FAULTS[fault.code][side]
    shape = _FAULT if fault.told or fault.found else _BARE
    return shape[side].format(said=said, place=fault.place, told=fault.told, found=fault.found)


def not_read(code: str, lang: str) -> str:
    return NOT_READ[code][1 if lang == "en" else 0]


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def summary(count: int, failed: int, lang: str) -> str:
    """The last line over a batch."""
    if lang == "en":
        return f"{count} statements, {count - failed} hold, {failed} do not"
    return f"共 {count} 份，成立 {count - failed} 份，不成立 {failed} 份"
