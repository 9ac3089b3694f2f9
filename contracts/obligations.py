"""Every dated duty of an agreement on one calendar: what falls on which day, and on whom.

Pure: versions, shipments and other facts come in, duties come out; who asks decides the days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from contracts.agreement import Terms, Version, ruled_days
from contracts.commitments import last_day
from contracts.values.findings import Fact, Finding, block
from contracts.values.money import Money
from contracts.values.periods import Period

#: Where duties come from, in the order in which they are shown.
SOURCES = (
    "target",
    "report",
    "receivable",
    "exchange",
    "return",
    "obligation",
    "waiver",
    "renewal",
    "expiry",
    "commitment",
    "licence",
)


@dataclass(frozen=True)
class Duty:
    """A duty on its day. `facts` fill the sentence «duty.<source>»; `ref` is the record's id."""

    on: date
    source: str
    owner: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    is_done: bool = False
    ref: int | None = None

    def is_overdue(self, today: date) -> bool:
        """Overdue from the day after; the day itself is still in time."""
        return not self.is_done and self.on < today


def duties_of_terms(
    versions: Sequence[Version], within: Period, currency: str = "CNY"
) -> list[Duty]:
    """What the ruling versions themselves say: targets, renewal notice, expiry, commitment.

    A target longer than a month shows in each month that it covers: at every month's end, the
    last of which is its own. Free duties are rows of their own, as they have a state.
    """
    stretches = [(v.terms, days) for v, days in ruled_days(versions) if v.terms is not None]
    if not stretches:
        return []
    found = [d for terms, days in stretches for d in _targets(terms, days, currency)]
    end = max(days.end for _terms, days in stretches)
    last = next(terms for terms, days in stretches if days.end == end)
    expiry = end - timedelta(days=1)
    notice = expiry - timedelta(days=last.renewal_notice_days)
    found.append(Duty(notice, "renewal", "maker", {"end": expiry}))
    found.append(Duty(expiry, "expiry", "maker", {"end": expiry}))
    start = min(days.start for _terms, days in stretches)
    if last.commitment is not None:
        found.append(
            Duty(
                last_day(last.commitment, start),
                "commitment",
                "distributor",
                {
                    "months": last.commitment.months,
                    "amount": Money.from_fen(last.commitment.committed_fen, currency),
                },
            )
        )
    return sorted((d for d in found if within.contains(d.on)), key=_order)


def _targets(terms: Terms, days: Period, currency: str) -> Iterable[Duty]:
    """One duty per target and month, on the days on which the version rules."""
    for target in terms.targets:
        for month in target.period.split("month"):
            if not days.contains(month.last_day):
                continue
            yield Duty(
                month.last_day,
                "target",
                "distributor",
                {
                    "period": target.period.label,
                    "amount": Money.from_fen(target.amount_fen, currency),
                    "last": target.period.last_day,
                    "goods": tuple(sorted(target.goods)),
                },
            )


def exchange_end(shipped_on: date, terms: Terms) -> date | None:
    """The last day on which goods of a shipment may be exchanged; None when nothing is.

    Day 0 is the day of shipment, so that with 90 days day 90 is the last.
    """
    days = terms.duties.exchange_window_days
    return shipped_on + timedelta(days=days) if days else None


def check_exchange(terms: Terms, contract: str) -> list[Finding]:
    """Goods of an agreement without a window, such as a buy-out, are never exchanged."""
    if terms.duties.exchange_window_days:
        return []
    return [block("exchange.by_type", "type", contract=contract)]


def counts(duties: Iterable[Duty]) -> dict[str, int]:
    """How many duties there are of each source, none left out."""
    found = Counter(duty.source for duty in duties)
    return {source: found[source] for source in SOURCES}


def _order(duty: Duty) -> tuple[date, int, int]:
    return duty.on, SOURCES.index(duty.source), duty.ref or 0


def in_order(duties: Iterable[Duty]) -> list[Duty]:
    """By day, then by source."""
    return sorted(duties, key=_order)
