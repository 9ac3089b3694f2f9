"""Goods that left a distributor without anybody saying where to: what came in less what is told.

In: opening stock, our own shipments, and what the distributor says came otherwise. Out: what it
says it sold, moved, lost and gave back, and what it says is left.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One good of a distributor over a span, in base units.

    `shipped` is what we sent in the span, `moving` the part of the last days of it which may
    still be on the road; `other_in`: returns from customers, transfers in, count surplus.
    """

    opening: int = 0
    shipped: int = 0
    moving: int = 0
    other_in: int = 0
    out: int = 0
    losses: int = 0
    returned: int = 0
    closing: int = 0

    @property
    def came(self) -> int:
        """All that was there to go."""
        return self.opening + self.shipped + self.other_in

    @property
    def possible(self) -> int:
        """Unexplained when everything that we sent has arrived; below 0: more told than came."""
        return self.came - self.out - self.losses - self.returned - self.closing

    @property
    def certain(self) -> int:
        """Unexplained even when all of the last days is still on the road."""
        return max(0, self.possible - self.moving)

    @property
    def percent_e1(self) -> int:
        """Unexplained as tenths of a per cent of what came, half up; 200 of 1,000 is 200."""
        return 0 if self.came <= 0 else (self.certain * 2000 + self.came) // (2 * self.came)
