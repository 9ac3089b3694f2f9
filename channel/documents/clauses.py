"""The terms of an agreement version in words: eleven numbered clauses, Chinese and English.

The words are frozen into the printed document, so that a later change of wording never changes
a contract that was signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from channel.messages.values import format_fen
from contracts.agreement import Terms
from contracts.payment_terms import PaymentTerm
from contracts.values.periods import Period

#: Clause number → (zh, en); the order is that of the contract.
HEADINGS: Mapping[int, tuple[str, str]] = {
    1: ("授权区域", "Territory"),
    2: ("价格", "Price"),
    3: ("销售目标与返利", "Targets and rebates"),
    4: ("回款", "Payment"),
    5: ("促销活动", "Promotions"),
    6: ("公共关系与突发事件", "Public relations and incidents"),
    7: ("滞销品调换", "Exchange of slow-moving stock"),
    8: ("发货与接货地点", "Shipments and delivery place"),
    9: ("产品陈列", "Display"),
    10: ("宣传场所", "Places for POP material"),
    11: ("其他约定", "Other duties"),
}
METHODS: Mapping[str, tuple[str, str]] = {
    "transfer": ("公对公转账", "company bank transfer"),
    "acceptance_bill": ("承兑汇票", "acceptance bill"),
    "cheque": ("支票", "cheque"),
    "cash": ("现金", "cash"),
    "other": ("其他方式", "other means"),
}
BASES: Mapping[str, tuple[str, str]] = {
    "shipment": ("发货日", "shipment"),
    "invoice": ("开票日", "the invoice date"),
}
ROLLS: Mapping[str, tuple[str, str]] = {
    "none": ("到期日遇节假日不顺延。", "Due dates do not move on holidays."),
    "next": (
        "到期日遇节假日的，顺延至下一个工作日。",
        "A due date on a holiday moves to the next working day.",
    ),
    "previous": (
        "到期日遇节假日的，提前至上一个工作日。",
        "A due date on a holiday moves to the previous working day.",
    ),
}


class Clause(TypedDict):
    """One clause as printed: its sentences in both languages."""

    number: int
    zh: list[str]
    en: list[str]


@dataclass(frozen=True)
class Names:
    """How codes are called: «511083» → «隆昌市»; an unknown code is printed bare.

    `min_shipment_fen` is the house's default, printed where the agreement names none.
    """

    divisions: Mapping[str, str] = field(default_factory=dict)
    goods: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    min_shipment_fen: int | None = None
    currency: str = "CNY"


def clauses_of(terms: Terms, names: Names) -> list[Clause]:
    """All eleven clauses; one that the agreement leaves open says so."""
    written = [
        _territory(terms, names), _price(terms), _targets(terms, names), _payment(terms),
        _promotions(terms), _incidents(terms), _exchange(terms), _delivery(terms, names),
        _display(terms), _places(terms), _other(terms),
    ]  # fmt: skip
    return [
        {"number": number, "zh": [zh for zh, _ in lines], "en": [en for _, en in lines]}
        for number, lines in enumerate(written, start=1)
    ]


Lines = list[tuple[str, str]]


def _called(codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [f"{code} {names[code]}" if names.get(code, code) != code else code
            for code in sorted(codes)]  # fmt: skip


def _territory(terms: Terms, names: Names) -> Lines:
    place = terms.territory
    inside = _called(place.includes, names.divisions)
    goods = _called(terms.goods, names.goods)
    kind = ("独家", "exclusively") if terms.exclusive else ("非独家", "without exclusivity")
    lines = [
        (
            f"甲方授权乙方在下列行政区划内{kind[0]}销售{'、'.join(goods) or '全部产品'}："
            f"{'、'.join(inside)}。",
            f"The maker authorises the distributor to sell {', '.join(goods) or 'all goods'} "
            f"{kind[1]} in these divisions: {', '.join(inside)}.",
        )
    ]
    if outside := _called(place.excludes, names.divisions):
        lines.append((f"不包括：{'、'.join(outside)}。", f"Not included: {', '.join(outside)}."))
    for carved in place.carve_outs:
        called = _called([carved.value], names.divisions)[0]
        until = carved.valid_to.isoformat() if carved.valid_to else ""
        lines.append(
            (
                f"自 {carved.valid_from} 起{f'至 {until} 前' if until else ''}划出：{called}。",
                f"Carved out from {carved.valid_from}{f' until before {until}' if until else ''}: "
                f"{called}.",
            )
        )
    lines.append(("乙方不得跨区域销售。", "The distributor does not sell outside this territory."))
    return lines


def _price(terms: Terms) -> Lines:
    if not terms.price_book:
        return [_open()]
    return [
        (
            f"乙方按甲方价目表 {terms.price_book} 的经销价（含增值税）进货，"
            "价格变动按其生效日期执行。",
            f"The distributor buys at the dealer prices of price book {terms.price_book}, VAT "
            "included; a change applies from its effective date.",
        ),
        (
            "甲方公布的零售价为建议价。",
            "Retail prices published by the maker are suggestions.",
        ),
    ]


def _targets(terms: Terms, names: Names) -> Lines:
    lines: Lines = []
    for target in terms.targets:
        goods = _called(target.goods, names.goods)
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
    if terms.rebate_policies:
        called = _called(terms.rebate_policies, names.policies)
        lines.append(
            (
                f"返利按下列政策计算：{'、'.join(called)}。",
                f"Rebates are computed under: {', '.join(called)}.",
            )
        )
    return lines


def _span(period: Period) -> str:
    return period.label.replace("..", " – ")


def _payment(terms: Terms) -> Lines:
    if terms.payment is None:
        return [_open()]
    lines = [_due(terms.payment)]
    if terms.payment.kind != "prepaid":
        lines.append(ROLLS[terms.payment.roll])
    methods = [METHODS.get(method, (method, method)) for method in terms.payment_methods]
    lines.append(
        (
            f"付款方式：{'、'.join(zh for zh, _ in methods)}。",
            f"Means of payment: {', '.join(en for _, en in methods)}.",
        )
    )
    return lines


def _due(term: PaymentTerm) -> tuple[str, str]:
    zh, en = BASES[term.basis]
    if term.kind == "prepaid":
        return "款到发货。", "Goods leave against payment received."
    if term.kind == "net_days":
        return f"乙方应自{zh}起 {term.days} 日内付款。", f"Payment within {term.days} days of {en}."
    if term.kind == "end_of_month_plus":
        return (
            f"乙方应自{zh}所在月的月末起 {term.days} 日内付款。",
            f"Payment within {term.days} days of the end of the month of {en}.",
        )
    return (
        f"{zh}加 {term.days} 日，乙方应于其次月 {term.day} 日前付款。",
        f"Payment by day {term.day} of the month that follows {en} plus {term.days} days.",
    )


def _promotions(terms: Terms) -> Lines:
    if terms.duties.promotion_needs_approval:
        return [
            (
                "乙方开展促销活动须事先申报并取得甲方批准，不得擅自促销。",
                "Promotions are filed beforehand and need the maker's approval.",
            )
        ]
    return [("乙方可自行开展促销活动。", "The distributor may run promotions of its own.")]


def _incidents(terms: Terms) -> Lines:
    hours = terms.duties.incident_report_hours
    return [
        (
            f"乙方负责辖区内的政府、媒体公共关系；发生突发事件的，应在 {hours} 小时内报告甲方。",
            "The distributor looks after authorities and media in its territory and reports an "
            f"incident to the maker within {hours} hours.",
        )
    ]


def _exchange(terms: Terms) -> Lines:
    days = terms.duties.exchange_window_days
    return [
        (
            f"滞销产品可在发货之日起 {days} 日内申报调换，逾期不予受理。",
            f"Exchange of slow-moving goods is asked for within {days} days of shipment.",
        )
    ]


def _delivery(terms: Terms, names: Names) -> Lines:
    days = terms.duties.delivery_notice_working_days
    lines = [
        (
            f"变更接货地点应提前 {days} 个工作日通知；未提前通知的，额外运费由乙方承担。",
            f"A change of the delivery place is announced {days} working days ahead; otherwise "
            "the extra freight is the distributor's.",
        )
    ]
    floor = terms.min_shipment_fen
    floor = names.min_shipment_fen if floor is None else floor
    if floor:
        amount = format_fen(floor, names.currency)
        lines.append(
            (
                f"每次发货金额（含税）不低于 {amount}，例外须经甲方审批。",
                f"A shipment has goods of at least {amount}, VAT included; exceptions need the "
                "maker's approval.",
            )
        )
    return lines


def _display(terms: Terms) -> Lines:
    percent = terms.duties.display_pass_percent
    return [
        (
            f"乙方按甲方标准陈列产品，检查得分达到 {percent}% 为合格。",
            f"Goods are displayed to the maker's standard; a check passes from {percent} %.",
        )
    ]


def _places(terms: Terms) -> Lines:
    places = terms.duties.pop_places.strip()
    if not places:
        return [
            (
                "乙方应提供张贴、摆放宣传物料的场所。",
                "The distributor provides places for POP material.",
            )
        ]
    return [(f"乙方提供下列宣传场所：{places}", f"The distributor provides these places: {places}")]


def _other(terms: Terms) -> Lines:
    text = terms.duties.other.strip()
    if text:
        return [(text, text)]
    return [
        (
            "乙方遵守并执行本合同及其附件的其他约定。",
            "The distributor observes all else that this contract and its annexes say.",
        )
    ]


def _open() -> tuple[str, str]:
    return "本版本未约定。", "Left open in this version."
