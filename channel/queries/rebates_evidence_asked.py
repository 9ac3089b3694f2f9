"""Whose evidence is asked for, of which days, and as known on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period

#: More distributors than this are not named one by one: all are read, and these are taken.
MOST_NAMED = 500


@dataclass(frozen=True)
class Asked:
    """The terms, the period settled, the distributors, and the day of knowledge."""

    terms: RebateTerms
    period: Period
    ids: frozenset[int]
    on: date

    @property
    def last(self) -> date:
        """The last day that counts: that of the period, or the day of knowledge before it."""
        return min(self.period.last_day, self.on)

    @property
    def named(self) -> frozenset[int] | None:
        """The distributors to ask for by name; None: all."""
        return self.ids if len(self.ids) <= MOST_NAMED else None

    def own(self, column: Any) -> Any:
        """The condition that a row belongs to one of them; too many are sorted out afterwards."""
        return sa.true() if self.named is None else column.in_(self.named)
