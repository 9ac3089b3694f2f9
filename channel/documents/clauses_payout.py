"""How rebates are used in words, as a part of the third clause."""

from __future__ import annotations

from decimal import Decimal

from channel.documents.clause_words import Lines
from contracts.agreement import Terms
from contracts.values.rates import Rate

#: Form → (zh, en).
FORMS = {
    "invoice": ("票折（冲减下一张发票）", "off the next invoice"),
    "goods": ("货补（按经销价供货）", "free goods at the dealer price"),
    "offset": ("账扣（抵减应收账款）", "offset against receivables"),
    "transfer": ("现金或转账", "cash or transfer"),
}


def payout(terms: Terms) -> Lines:
    """The forms, the most on one order, the order of checks, and the limit of claw-back."""
    clause = terms.payout
    if clause is None:
        return []
    zh = "、".join(FORMS[form][0] for form in clause.forms)
    en = ", ".join(FORMS[form][1] for form in clause.forms)
    lines = [
        (f"返利兑付方式：{zh}。", f"Rebates are used as: {en}."),
        (
            "最低发货额按冲减返利之前、不含免费货物的货值核定。",
            "The minimum shipment is checked before rebates are taken off and without free goods.",
        ),
    ]
    if clause.cap_bp is not None and clause.cap_bp < 10_000:
        share = Rate(Decimal(clause.cap_bp).scaleb(-4))
        lines.append(
            (
                f"每张订单使用返利不超过该订单货款的 {share}。",
                f"Rebates pay at most {share} of the goods of one order.",
            )
        )
    if clause.clawback_months is not None:
        lines.append(
            (
                f"追回返利以此前 {clause.clawback_months} 个月内已得返利为限。",
                f"Taken back is at most what was earned in the {clause.clawback_months} months "
                "before.",
            )
        )
    return lines
