"""An agreement version to print: the fixture world's D1, with every clause filled."""

from __future__ import annotations

from datetime import date
from typing import Any

from channel.documents.agreement import AgreementDoc
from channel.documents.clauses import Names, clauses_of
from contracts.agreement import Terms, terms_hash
from contracts.payment_terms import PaymentTerm
from contracts.targets import Target
from contracts.territory import Territory
from contracts.values.periods import Period
from contracts.values.schedules import Dated

YEAR = Period.year(2026)
NAMES = Names(
    divisions={"511000": "内江市", "511083": "隆昌市", "511002": "市中区"},
    goods={"S": "酱料"},
    policies={"RB-2026": "季度销量返利"},
    min_shipment_fen=1_000_000,
)


def terms(**changes: Any) -> Terms:
    values: dict[str, Any] = {
        "territory": Territory(
            frozenset({"511000"}),
            frozenset({"511002"}),
            (Dated("511083", date(2026, 7, 1), None),),
        ),
        "price_book": "PB-2026",
        "payment": PaymentTerm("net_days", 60, roll="next"),
        "targets": (Target(Period.quarter(2026, 3), frozenset({"S"}), 12_000_000),),
        "rebate_policies": ("RB-2026",),
    }
    return Terms(**{**values, **changes})


def an_agreement(version: int = 1, **changes: Any) -> AgreementDoc:
    agreed = terms(**changes)
    return {
        "number": "HT-2026-001",
        "version": version,
        "reason": "首次签约",
        "date": "2025-12-20",
        "valid_from": "2026-01-01",
        "valid_to": "2027-01-01",
        "maker": {
            "name": "川香食品有限公司",
            "name_en": "Chuanxiang Foods Co., Ltd.",
            "uscc": "91510100MA0000000H",
            "address": "四川省成都市武侯区科华北路1号",
        },
        "distributor": {
            "code": "D1",
            "name": "内江市川味商贸有限公司",
            "name_en": "Neijiang Chuanwei Trading Co., Ltd.",
            "uscc": "91511000MA0000000Q",
            "address": "四川省内江市东兴区汉安大道8号",
        },
        "clauses": clauses_of(agreed, NAMES),
        "terms_hash": terms_hash(agreed, YEAR),
        "approved_by": "陈总监",
    }
