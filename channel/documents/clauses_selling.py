"""Clauses 1 to 4 in words: territory, price, targets and rebates, payment."""

from __future__ import annotations

from channel.documents.clause_words import (
    BASES,
    METHODS,
    PERIODS,
    ROLLS,
    Lines,
    Names,
    by_name,
    left_open,
)
from channel.messages.values import format_fen
from contracts.agreement import Terms
from contracts.instalments import EarlyDiscount, Share
from contracts.payment_terms import PaymentTerm
from contracts.values.periods import Period


def territory(terms: Terms, names: Names) -> Lines:
    place = terms.territory
    inside = by_name(place.includes, names.divisions)
    goods = by_name(terms.goods, names.goods)
    how = ("买断", " as a buy-out") if terms.kind == "buyout" else ("", "")
    kind = ("独家", "exclusively") if terms.exclusive else ("非独家", "without exclusivity")
    lines = [
        (
            f"甲方授权乙方在下列行政区划内{kind[0]}{how[0]}销售"
            f"{'、'.join(goods) or '全部产品'}：{'、'.join(inside) or '未约定'}。",
            f"The maker authorises the distributor to sell {', '.join(goods) or 'all goods'} "
            f"{kind[1]}{how[1]} in these divisions: {', '.join(inside) or 'left open'}.",
        )
    ]
    if outside := by_name(place.excludes, names.divisions):
        lines.append((f"不包括：{'、'.join(outside)}。", f"Not included: {', '.join(outside)}."))
    for carved in place.carve_outs:
        called = by_name([carved.value], names.divisions)[0]
        until = carved.valid_to.isoformat() if carved.valid_to else ""
        lines.append(
            (
                f"自 {carved.valid_from} 起{f'至 {until} 前' if until else ''}划出：{called}。",
                f"Carved out from {carved.valid_from}{f' until before {until}' if until else ''}: "
                f"{called}.",
            )
        )
    lines.append(("乙方不得跨区域销售。", "The distributor does not sell outside this territory."))
    if terms.duties.diversion_penalty_fen:
        penalty = format_fen(terms.duties.diversion_penalty_fen)
        days = terms.duties.deposit_top_up_days
        lines.append(
            (
                f"每起跨区域销售属实的，支付违约金 {penalty}，可从保证金中扣除，"
                f"乙方应在 {days} 日内补足。",
                "Each confirmed case of selling outside the territory costs "
                f"{penalty}, which may be taken from the deposit and is filled up again within "
                f"{days} days.",
            )
        )
    return lines


def price(terms: Terms) -> Lines:
    if not terms.price_book:
        return [left_open()]
    return [
        (
            f"乙方按甲方价目表 {terms.price_book} 的经销价（含增值税）进货，"
            "价格变动按其生效日期执行。",
            f"The distributor buys at the dealer prices of price book {terms.price_book}, VAT "
            "included; a change applies from its effective date.",
        ),
        _resale(terms),
    ]


def _resale(terms: Terms) -> tuple[str, str]:
    """Suggested by default; a fixed one names who reviewed it, and why."""
    clause = terms.resale
    if clause.kind == "suggested":
        return (
            "甲方公布的零售价为建议零售价，乙方可自主确定转售价格。",
            "Retail prices published by the maker are suggested retail prices; the distributor "
            "sets its resale prices itself.",
        )
    return (
        f"乙方按甲方规定的零售价销售。本条已经法务审查（审查人：{clause.reviewer}；"
        f"理由：{clause.reason}）。",
        "The distributor sells at the retail prices set by the maker. This clause passed a legal "
        f"review (reviewer: {clause.reviewer}; reason: {clause.reason}).",
    )


def targets(terms: Terms, names: Names) -> Lines:
    lines: Lines = []
    for target in terms.targets:
        goods = by_name(target.goods, names.goods)
        amount = format_fen(target.amount_fen, names.currency)
        label = _span(target.period)
        lines.append(
            (
                f"{label}：{amount}（{'、'.join(goods) or '全部产品'}）。",
                f"{label}: {amount} ({', '.join(goods) or 'all goods'}).",
            )
        )
    if not lines:
        lines.append(("本版本未约定销售目标。", "This version names no target."))
    for rule in terms.mix:
        group = by_name([rule.group], names.goods)[0]
        zh, en = PERIODS[rule.period_kind]
        share = f"{rule.share.as_percent():f}"
        lines.append(
            (
                f"品种比例：{zh}{group}的不含税净额占比不低于 {share}%。",
                f"Product mix: {group} makes up at least {share} % of the net value of each {en}.",
            )
        )
    if terms.rebate_policies:
        called = by_name(terms.rebate_policies, names.policies)
        lines.append(
            (
                f"返利按下列政策计算：{'、'.join(called)}。",
                f"Rebates are computed under: {', '.join(called)}.",
            )
        )
    for code in sorted(terms.rebate_policies):
        if code in names.readings:
            zh, en = names.readings[code]
            lines.append((f"政策 {code}：{zh}", f"Policy {code}: {en}"))
    return lines


def _span(period: Period) -> str:
    return period.label.replace("..", " – ")


def payment(terms: Terms) -> Lines:
    term = terms.payment
    if term is None:
        return [left_open()]
    if term.shares:
        lines = [_share(term, share, n) for n, share in enumerate(term.shares, start=1)]
    else:
        lines = [_due(term, term.days)]
    if term.discount is not None:
        lines.append(_discount(term.discount))
    if term.kind != "prepaid":
        lines.append(ROLLS[term.roll])
    methods = [METHODS.get(method, (method, method)) for method in terms.payment_methods]
    lines.append(
        (
            f"付款方式：{'、'.join(zh for zh, _ in methods)}。",
            f"Means of payment: {', '.join(en for _, en in methods)}.",
        )
    )
    return lines


def _share(term: PaymentTerm, share: Share, number: int) -> tuple[str, str]:
    """One instalment: how much of it, and when."""
    rate = f"{share.rate.as_percent():f}"
    zh, en = {
        "fixed": (format_fen(share.amount_fen), format_fen(share.amount_fen)),
        "of_total": (f"总额的 {rate}%", f"{rate} % of the whole"),
        "of_rest": (f"余额的 {rate}%", f"{rate} % of what is left"),
        "rest": ("其余款项", "the rest"),
    }[share.kind]
    due_zh, due_en = _due(term, share.days)
    return f"第 {number} 期，{zh}：{due_zh}", f"Instalment {number}, {en}: {due_en}"


def _discount(discount: EarlyDiscount) -> tuple[str, str]:
    rate = f"{discount.rate.as_percent():f}"
    zh, en = (
        ("不含税金额", "net amount") if discount.base == "net" else ("含税金额", "amount incl. VAT")
    )
    return (
        f"{discount.days} 日内付清的，按{zh}给予 {rate}% 的提前付款折扣。",
        f"Payment within {discount.days} days earns {rate} % off the {en}.",
    )


def _due(term: PaymentTerm, days: int) -> tuple[str, str]:
    zh, en = BASES[term.basis]
    if term.kind == "prepaid":
        return "款到发货。", "Goods leave against payment received."
    if term.kind == "net_days":
        return f"乙方应自{zh}起 {days} 日内付款。", f"Payment within {days} days of {en}."
    if term.kind == "end_of_month_plus":
        return (
            f"乙方应自{zh}所在月的月末起 {days} 日内付款。",
            f"Payment within {days} days of the end of the month of {en}.",
        )
    if term.kind == "days_end_of_month":
        more = (f"再加 {term.after} 日", f", plus {term.after} days") if term.after else ("", "")
        return (
            f"{zh}加 {days} 日，乙方应于该日所在月的月末{more[0]}前付款。",
            f"Payment by the end of the month in which {en} plus {days} days falls{more[1]}.",
        )
    return (
        f"{zh}加 {days} 日，乙方应于其次月 {term.day} 日前付款。",
        f"Payment by day {term.day} of the month that follows {en} plus {days} days.",
    )


def deposit(terms: Terms, names: Names) -> Lines:
    if not terms.deposit_fen:
        return []
    amount = format_fen(terms.deposit_fen, names.currency)
    return [
        (
            f"乙方于签约时缴纳保证金 {amount}，保证金不抵作货款。",
            f"The distributor pays a deposit of {amount} on signing; it is not payment for goods.",
        )
    ]
