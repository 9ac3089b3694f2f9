"""Clauses 5 to 11 in words: conduct, exchange, delivery, display, other duties, staying."""

from __future__ import annotations

from decimal import Decimal

from channel.documents.clause_words import SIDES, Lines, Names
from channel.messages.values import format_fen
from contracts.agreement import Terms
from contracts.clauses import Duties
from contracts.values.rates import Rate


def promotions(terms: Terms) -> Lines:
    if terms.duties.promotion_needs_approval:
        return [
            (
                "乙方开展促销活动须事先申报并取得甲方批准，不得擅自促销。",
                "Promotions are filed beforehand and need the maker's approval.",
            )
        ]
    return [("乙方可自行开展促销活动。", "The distributor may run promotions of its own.")]


def incidents(terms: Terms) -> Lines:
    hours = terms.duties.incident_report_hours
    return [
        (
            f"乙方负责辖区内的政府、媒体公共关系；发生突发事件的，应在 {hours} 小时内报告甲方。",
            "The distributor looks after authorities and media in its territory and reports an "
            f"incident to the maker within {hours} hours.",
        )
    ]


def exchange(terms: Terms) -> Lines:
    days = terms.duties.exchange_window_days
    if not days:
        why = ("本合同为买断经营，", "This is a buy-out: ") if terms.kind == "buyout" else ("", "")
        return [(f"{why[0]}产品售出后不予调换。", f"{why[1]}goods are not exchanged.")]
    zh, en = SIDES[terms.duties.exchange_freight_by]
    return [
        (
            f"滞销产品可在发货之日起 {days} 日内申报调换，逾期不予受理。",
            f"Exchange of slow-moving goods is asked for within {days} days of shipment.",
        ),
        (f"调换的运费由{zh}承担。", f"The freight of an exchange is borne by {en}."),
        *_exchange_worth(terms.duties),
        *_exchange_caps(terms.duties),
    ]


def _exchange_worth(duties: Duties) -> Lines:
    """How goods come back, and what they are worth."""
    return [
        (
            f"批准后 {duties.exchange_return_days} 日内退回，逾期批准失效；数量以甲方清点为准。"
            f"{'产品须包装完好、未拆封。' if duties.exchange_sealed else ''}",
            f"Goods are sent back within {duties.exchange_return_days} days of the approval, which "
            "then lapses; the maker's count is decisive."
            f"{' Only sealed goods are exchanged.' if duties.exchange_sealed else ''}",
        ),
        (
            "退回产品按原购进价与现行价中较低者计价；调换的产品不计入销售任务和返利。",
            "What comes back is worth the price paid or the present price, whichever is lower; "
            "exchanged goods count for no target and no rebate.",
        )
        if duties.exchange_price == "lower"
        else (
            "退回产品按原购进价计价；调换的产品不计入销售任务和返利。",
            "What comes back is worth the price paid; exchanged goods count for no target and no "
            "rebate.",
        ),
    ]


def _exchange_caps(duties: Duties) -> Lines:
    """How much, how often, and what is taken in return, where anything is agreed."""
    lines = []
    if duties.exchange_cap_bp is not None:
        share = str(Rate(Decimal(duties.exchange_cap_bp).scaleb(-4)))
        lines.append(
            (
                f"每季度调换金额不超过上一季度开票净额（不含税）的 {share}。",
                f"A quarter exchanges at most {share} of the net value invoiced in the quarter "
                "before.",
            )
        )
    if duties.exchange_times is not None:
        lines.append(
            (
                f"每季度最多申报 {duties.exchange_times} 次。",
                f"At most {duties.exchange_times} claims are filed in a quarter.",
            )
        )
    if duties.exchange_needs_goods:
        lines.append(
            (
                "调换时应同时换入不低于同等金额的产品，不单独退款。",
                "Goods of at least the same value are taken in return; there is no mere credit.",
            )
        )
    return lines


def delivery(terms: Terms, names: Names) -> Lines:
    days = terms.duties.delivery_notice_working_days
    flat = terms.duties.late_delivery_freight_fen
    fee = format_fen(flat, names.currency)
    lines = [
        (
            f"变更接货地点应提前 {days} 个工作日通知；未提前通知的，额外运费由乙方承担"
            f"{f'，每次 {fee}' if flat else ''}。",
            f"A change of the delivery place is announced {days} working days ahead; otherwise "
            f"the extra freight is the distributor's{f', {fee} each time' if flat else ''}.",
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


def display(terms: Terms) -> Lines:
    percent, faces = terms.duties.display_pass_percent, terms.duties.display_faces
    lines = [
        (
            f"乙方按甲方标准陈列产品，检查得分达到 {percent}% 为合格。",
            f"Goods are displayed to the maker's standard; a check passes from {percent} %.",
        )
    ]
    if faces:
        lines.append(
            (f"每个网点陈列面不少于 {faces} 个。", f"Each outlet shows at least {faces} faces.")
        )
    return lines


def places(terms: Terms) -> Lines:
    places = terms.duties.pop_places.strip()
    if not places:
        return [
            (
                "乙方应提供张贴、摆放宣传物料的场所。",
                "The distributor provides places for POP material.",
            )
        ]
    return [(f"乙方提供下列宣传场所：{places}", f"The distributor provides these places: {places}")]


def other(terms: Terms) -> Lines:
    text = terms.duties.other.strip()
    if text:
        return [(text, text)]
    return [
        (
            "乙方遵守并执行本合同及其附件的其他约定。",
            "The distributor observes all else that this contract and its annexes say.",
        )
    ]


def obligations(terms: Terms) -> Lines:
    return [
        (
            f"{SIDES[one.owner][0]}应于 {one.due} 前（含当日）履行：{one.text}。",
            f"By {one.due} at the latest {SIDES[one.owner][1]}: {one.text}.",
        )
        for one in sorted(terms.obligations, key=lambda o: (o.due, o.text))
    ]


def stay(terms: Terms, names: Names) -> Lines:
    """How long both stay, what leaving early costs, and when renewal is spoken of."""
    lines: Lines = []
    if (kept := terms.commitment) is not None:
        amount = format_fen(kept.committed_fen, names.currency)
        rate = f"{kept.rate.as_percent():f}"
        lines.append(
            (
                f"乙方承诺合作 {kept.months} 个月，期内进货（含税）不少于 {amount}；提前退出的，"
                f"按未完成承诺进货额的 {rate}% 支付退出费用。",
                f"The distributor commits to {kept.months} months and purchases of {amount}, VAT "
                f"included; leaving earlier costs {rate} % of the purchases still to be made.",
            )
        )
    days = terms.renewal_notice_days
    lines.append(
        (
            f"合同期满 {days} 日前，双方协商续签事宜。",
            f"The parties speak about renewal {days} days before the end.",
        )
    )
    return lines
