"""What a rebate statement consists of when it is frozen, as plain JSON values.

The dict is stored with the statement and never changes; the same dict gives the same bytes.
Money is whole fen (`_fen`) or ten-thousandths (`_e4`) of `currency`; exact decimals and rates
(fractions) are text; dates are ISO text; `period_end` is exclusive.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

from channel.documents.parts import SecondEdition

Lang = Literal["zh", "en"]
#: The rebate statement is also printed in both: Chinese, with the English under it.
PaperLang = Literal["zh", "en", "bi"]


class Party(TypedDict):
    """One side of the statement; empty texts are not printed."""

    name: str
    code: NotRequired[str]
    name_en: NotRequired[str]
    uscc: NotRequired[str]
    address: NotRequired[str]


class Policy(TypedDict):
    """The very version of the policy that was computed from."""

    code: str
    name: str
    version: int
    method: str
    base_vat: Literal["net", "gross"]
    period_kind: Literal["month", "quarter", "half", "year"]
    goods: NotRequired[list[str]]
    goods_out: NotRequired[list[str]]
    terms_hash: NotRequired[str]
    contract: NotRequired[str]


class BaseLine(TypedDict):
    """One month and product group: invoiced less returned is net. `returned_e4` is not negative.

    `quantity` is the net number of base units, `part` the part of the facts that it belongs to.
    """

    month: str
    group: str
    line_count: int
    invoiced_e4: int
    returned_e4: int
    net_e4: int
    quantity: NotRequired[int]
    part: NotRequired[str]


class TierRow(TypedDict):
    """One row of the tier table; contracts.rebates.compute.Rung as text. `upper` None: no end."""

    number: int
    lower: str
    upper: str | None
    rate: str
    slice: str
    amount: str
    hit: bool


class Condition(TypedDict):
    """A condition of the policy, whether it is met, and by what that is seen."""

    name: str
    met: bool
    evidence: str


class ReportFiled(TypedDict):
    """An inventory report of the period: when it was due and came, and by how much it was late."""

    period: str
    due: str
    filed: str | None
    late_days: int


class TaxRate(TypedDict):
    """The part of the rebate that goods of one rate earned."""

    rate_bp: int
    gross_fen: int
    net_fen: int
    tax_fen: int


class Tax(TypedDict):
    """The rebate split into net and tax; the red-letter invoice may come later.

    `rates`: where goods of several rates earned it; `rate_bp` is the highest then.
    """

    rate_bp: int
    net_fen: int
    tax_fen: int
    rates: NotRequired[list[TaxRate]]
    red_invoice_number: NotRequired[str]


class CaseLine(TypedDict):
    """A penalty or withheld rebate of a case; `amount_fen` as it moved the pool."""

    kind: str
    number: str
    case: str
    on: str
    amount_fen: int


class Pool(TypedDict):
    """The distributor's rebate pool in this currency since the statement before.

    opening + earned − used − expired − reversed + cases = closing. `cases`: what decisions in
    cases took or gave back. The later three are absent where nothing of their kind happened.
    """

    opening_fen: int
    earned_fen: int
    used_fen: int
    closing_fen: int
    expired_fen: NotRequired[int]
    reversed_fen: NotRequired[int]
    cases: NotRequired[list[CaseLine]]


class LaterParts(SecondEdition, total=False):
    """What is absent in statements that were frozen before it was printed."""

    reports: list[ReportFiled]


class RebateStatementDoc(LaterParts):
    """One rebate statement. `steps` is contracts.rebates.compute.steps_to_json(result.steps).

    `entitlement_fen` is the rebate of the whole period, `granted_before_fen` what earlier
    statements of the period gave, `amount_fen` what this one gives (negative: takes back).
    """

    number: str
    date: str
    run: str
    period_start: str
    period_end: str
    period_label: str
    currency: str
    maker: Party
    distributor: Party
    policy: Policy
    base_lines: list[BaseLine]
    base_e4: int
    base_fen: int
    tiers: list[TierRow]
    to_next: str | None
    conditions: list[Condition]
    steps: list[dict[str, Any]]
    entitlement_fen: int
    granted_before_fen: int
    amount_fen: int
    tax: Tax | None
    pool: Pool | None
    objection_days: int
    prepared_by: str
    reviewed_by: str
    approved_by: str


class StatementInconsistentError(ValueError):
    """The figures of a statement do not re-add; it must not be printed."""


def document_hash(doc: Mapping[str, Any]) -> str:
    """SHA-256 of the frozen content; printed on every page, equal in both languages."""
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_figures(doc: RebateStatementDoc) -> None:
    """Raises StatementInconsistentError unless every printed total is the sum of its lines."""
    lines = doc["base_lines"]
    for line in lines:
        _same(line["invoiced_e4"] - line["returned_e4"], line["net_e4"], "base line", doc)
    _same(sum(line["net_e4"] for line in lines), doc["base_e4"], "base", doc)
    _same(_half_up(doc["base_e4"]), doc["base_fen"], "rounded base", doc)
    added = sum((Decimal(step["facts"]["amount"]["decimal"]) for step in doc["steps"]), Decimal(0))
    _same(added, Decimal(doc["entitlement_fen"]).scaleb(-2), "steps", doc)
    paid = doc["entitlement_fen"] - doc["granted_before_fen"]
    _same(paid, doc["amount_fen"], "amount", doc)
    if tax := doc["tax"]:
        _same(tax["net_fen"] + tax["tax_fen"], doc["amount_fen"], "tax split", doc)
    if pool := doc["pool"]:
        closing = pool["opening_fen"] + pool["earned_fen"] - pool["used_fen"]
        closing -= pool.get("expired_fen", 0) + pool.get("reversed_fen", 0)
        closing += sum(line["amount_fen"] for line in pool.get("cases", []))
        _same(closing, pool["closing_fen"], "pool", doc)


def _half_up(e4: int) -> int:
    """Ten-thousandths to fen, half away from zero."""
    fen = (abs(e4) + 50) // 100
    return fen if e4 >= 0 else -fen


def _same(found: int | Decimal, told: int | Decimal, what: str, doc: RebateStatementDoc) -> None:
    if found != told:
        raise StatementInconsistentError(f"{doc['number']}: {what} adds up to {found}, not {told}")


@dataclass(frozen=True)
class ControlTotal:
    """What a batch of statements adds up to; the same set has the same digest in any order."""

    count: int
    amounts_fen: tuple[tuple[str, int], ...]
    digest: str

    def amount_fen(self, currency: str) -> int:
        return dict(self.amounts_fen).get(currency, 0)


def control_total(docs: Iterable[RebateStatementDoc]) -> ControlTotal:
    """Count, sum by currency, and a hash over the hashes of all statements."""
    sums: dict[str, int] = {}
    hashes: list[str] = []
    for doc in docs:
        sums[doc["currency"]] = sums.get(doc["currency"], 0) + doc["amount_fen"]
        hashes.append(f"{doc['number']}:{document_hash(doc)}")
    digest = hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
    return ControlTotal(len(hashes), tuple(sorted(sums.items())), digest)


def months_of(lines: Sequence[BaseLine]) -> list[tuple[str, list[BaseLine]]]:
    """The base lines by month, months and groups in their natural order."""
    months: dict[str, list[BaseLine]] = {}
    for line in sorted(lines, key=lambda one: (one["month"], one["group"])):
        months.setdefault(line["month"], []).append(line)
    return list(months.items())
