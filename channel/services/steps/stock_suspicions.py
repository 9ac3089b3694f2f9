"""What is odd about the lines of a report, and why its figures may disagree.

Suspicions are findings that need a reason; causes are notes beside the finding they explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from channel.queries.stock_evidence import Evidence
from channel.rules import stock_causes
from channel.rules.stock import RowFinding, StockRow
from channel.rules.stock_causes import Known
from channel.rules.stock_history import check_expiry, check_outliers
from contracts.reporting import Tolerance
from contracts.values.findings import Finding

CAUSE = "stock.cause."
_RECEIPTS = frozenset({"stock.shipped_not_reported", "stock.reported_not_shipped"})
#: finding → the fact that holds the figure that was expected.
_EXPECTED = {
    "stock.identity": "expected",
    "stock.continuity": "previous",
    "stock.shipped_not_reported": "shipped",
    "stock.reported_not_shipped": "shipped",
}
#: Causes told of one finding; the strongest come first.
CAUSES_MAX = 3


def suspicions(lines: Sequence[StockRow], evidence: Evidence) -> list[RowFinding]:
    """Unusual sales and goods past their day."""
    if evidence.period is None:
        return []
    own = [line for line in lines if line.product in evidence.known]
    return list(chain(check_outliers(own, evidence.past), check_expiry(own, evidence.period)))


def causes(
    lines: Sequence[StockRow],
    found: Iterable[RowFinding],
    evidence: Evidence,
    left_out: Mapping[str, int] | None = None,
) -> list[RowFinding]:
    """Why figures disagree, each at the place of the finding that it explains."""
    by_row = {line.row_number: line for line in lines}
    told: list[RowFinding] = []
    for one in found:
        product = one.finding.subject
        known = evidence.known.get(product, Known())
        if left_out:
            known = replace(known, left_out=left_out)
        line = by_row.get(one.row_number or 0)
        for cause in _causes_of(one.finding, line, lines, known, evidence):
            told.append(RowFinding(one.row_number, one.column, cause.finding(product)))
    return told


def _causes_of(
    finding: Finding,
    line: StockRow | None,
    lines: Sequence[StockRow],
    known: Known,
    evidence: Evidence,
) -> Iterator[stock_causes.Cause]:
    named: list[stock_causes.Cause] = []
    if finding.code in _RECEIPTS:
        reported = sum(int(x.receipts or 0) for x in lines if x.product == finding.subject)
        named = stock_causes.of_receipts(reported, known)
    elif finding.code == "stock.identity" and line is not None:
        named = stock_causes.of_balance(line, known)
    elif finding.code == "stock.continuity" and line is not None:
        previous, entered = finding.facts["previous"], finding.facts["entered"]
        if isinstance(previous, int) and isinstance(entered, int):
            earlier = evidence.earlier.get(line.key, ())
            named = stock_causes.of_opening(entered, previous, earlier, known.case)
    yield from named[:CAUSES_MAX]


def place(finding: Finding) -> tuple[Any, Any, str]:
    """What a cause shares with the finding that it explains."""
    return finding.facts.get("row"), finding.facts.get("field"), finding.subject


def by_place(findings: Iterable[Finding]) -> dict[tuple[Any, Any, str], list[Finding]]:
    """The causes among the findings by their place, the strongest first."""
    found: dict[tuple[Any, Any, str], list[Finding]] = {}
    for finding in findings:
        if finding.code.startswith(CAUSE):
            found.setdefault(place(finding), []).append(finding)
    return found


def beyond(findings: Iterable[Finding], hard: Tolerance) -> list[Finding]:
    """Differences so large that the channel manager accepts them, whatever the reason."""
    return [f for f in findings if f.code in _EXPECTED and _gap(f) > hard.of(_expected(f))]


def _gap(finding: Finding) -> int:
    return abs(int(str(finding.facts["difference"]).split(".")[0]))


def _expected(finding: Finding) -> int:
    return int(str(finding.facts[_EXPECTED[finding.code]]).split(".")[0])
