"""What approved exceptions take out of agreements: read over the words that were approved.

An approved version never changes, so every reader of a territory puts these days over it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from channel.db import db
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.outcomes import WaiverEnd
from channel.models.territories import CarveOut
from channel.queries import territories
from contracts.agreement import Terms
from contracts.territory import carved
from contracts.values.schedules import Dated


@dataclass(frozen=True)
class Cut:
    """A division that an exception takes out of an agreement; `valid_to` is exclusive."""

    division: str
    valid_from: date
    valid_to: date
    request_id: int
    number: str

    @property
    def dated(self) -> Dated[str]:
        return Dated(self.division, self.valid_from, self.valid_to)


def cuts_of(agreement_ids: Collection[int]) -> dict[int, tuple[Cut, ...]]:
    """agreement → what is taken out of it, in one statement; waivers that ended early end it."""
    if not agreement_ids:
        return {}
    rows = db.session.execute(
        sa.select(CarveOut, WaiverEnd.ends_on, ExceptionRequest.id, ExceptionRequest.number)
        .join(Waiver, Waiver.id == CarveOut.waiver_id)
        .join(ExceptionRequest, ExceptionRequest.id == Waiver.request_id)
        .outerjoin(WaiverEnd, WaiverEnd.waiver_id == CarveOut.waiver_id)
        .where(CarveOut.agreement_id.in_(agreement_ids))
        .order_by(CarveOut.id)
    )
    found: dict[int, list[Cut]] = defaultdict(list)
    for row, ends_on, request_id, number in rows:
        end = min(row.valid_to, ends_on) if ends_on else row.valid_to
        if end > row.valid_from:
            cut = Cut(row.division_code, row.valid_from, end, request_id, number)
            found[row.agreement_id].append(cut)
    return {agreement_id: tuple(cuts) for agreement_id, cuts in found.items()}


def overlaid(terms: Terms, cuts: Collection[Cut]) -> Terms:
    """The terms with what exceptions take out of their territory."""
    if not cuts:
        return terms
    return replace(terms, territory=carved(terms.territory, (cut.dated for cut in cuts)))


def named_cuts(agreement_id: int, on: date) -> list[tuple[Cut, str]]:
    """What is taken out of one agreement, with the names of the divisions."""
    cuts = cuts_of([agreement_id]).get(agreement_id, ())
    names = territories.names([cut.division for cut in cuts], on)
    return [(cut, names.get(cut.division, "")) for cut in cuts]
