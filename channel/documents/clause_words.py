"""Words that the clauses share: headings, means of payment, sides, and how codes are called.

Both languages stand side by side, so that neither is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

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
PERIODS: Mapping[str, tuple[str, str]] = {
    "month": ("每月", "month"),
    "quarter": ("每季度", "quarter"),
    "half": ("每半年", "half-year"),
    "year": ("全年", "year"),
}
SIDES: Mapping[str, tuple[str, str]] = {
    "distributor": ("乙方", "the distributor"),
    "maker": ("甲方", "the maker"),
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

    `min_shipment_fen` is the house's default, printed where the agreement names none. `readings`
    are the rebate policies in words by code, Chinese and English.
    """

    divisions: Mapping[str, str] = field(default_factory=dict)
    goods: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    min_shipment_fen: int | None = None
    currency: str = "CNY"
    readings: Mapping[str, tuple[str, str]] = field(default_factory=dict)


Lines = list[tuple[str, str]]


def by_name(codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [f"{code} {names[code]}" if names.get(code, code) != code else code
            for code in sorted(codes)]  # fmt: skip


def left_open() -> tuple[str, str]:
    return "本版本未约定。", "Left open in this version."
