"""The agreed ways of inventory reports in words, as a part of the eleventh clause."""

from __future__ import annotations

from decimal import Decimal

from channel.documents.clause_words import Lines
from contracts.agreement import Terms
from contracts.reporting import PARTS, Tolerance
from contracts.values.rates import Rate

#: Parts of the quality score: (zh, en).
NAMES = {
    "on_time": ("按时", "on time"),
    "complete": ("完整", "complete"),
    "arithmetic": ("平衡", "arithmetic"),
    "continuity": ("衔接", "continuity"),
    "reconciliation": ("与发货相符", "reconciliation"),
    "mapped": ("编码对应", "mapped"),
    "batch": ("批次齐全", "batch given"),
    "unrestated": ("未重报", "not restated"),
}


def _share(tolerance: Tolerance) -> str:
    return str(Rate(Decimal(tolerance.bp).scaleb(-4)))


def reports(terms: Terms) -> Lines:
    """What differences pass, which ones wait for the maker, and how a report is scored."""
    clause = terms.reporting
    soft, hard = clause.soft, clause.hard
    weights = [(NAMES[part], clause.weights[part]) for part in PARTS if clause.weights[part]]
    zh = "、".join(f"{name[0]} {weight}" for name, weight in weights)
    en = ", ".join(f"{name[1]} {weight}" for name, weight in weights)
    return [
        (
            f"进销存报表与甲方发货的差异不超过 {soft.units} 个基本单位或 {_share(soft)}"
            f"（取较大者）的视为相符；超过 {hard.units} 个基本单位或 {_share(hard)}"
            "（取较大者）的由甲方核定；"
            f"在途时间按 {clause.transit_days} 天计。",
            f"An inventory report agrees with the shipments within {soft.units} base units or "
            f"{_share(soft)}, whichever is larger; beyond {hard.units} base units or "
            f"{_share(hard)} the maker decides; goods are {clause.transit_days} days on the road.",
        ),
        (
            f"报表质量评分满分 {clause.full} 分：{zh}。",
            f"A report scores up to {clause.full} points: {en}.",
        ),
    ]
