"""What was sold out of order in money, at our dealer price of the batches that were passed over.

It is the older stock that stays behind and loses its life, so its price counts and not that of
the goods sold in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from channel.rules.fifo import Breach
from contracts.values.money import round_half_up


@dataclass(frozen=True, slots=True)
class Worth:
    """The certain and the possible part in fen incl. VAT; `unpriced` batches are in neither."""

    certain_fen: int
    possible_fen: int
    unpriced: tuple[str, ...] = ()


def worth(breach: Breach, unit_fen: Mapping[str, int | Decimal]) -> Worth:
    """The money of a breach by the price of a unit of each batch, each batch rounded half-up."""
    certain = possible = 0
    unpriced = []
    for line in breach.lines:
        if not (line.certain or line.possible):
            continue
        price = unit_fen.get(line.batch)
        if price is None:
            unpriced.append(line.batch)
            continue
        certain += int(round_half_up(Decimal(price) * Decimal(line.certain), 0))
        possible += int(round_half_up(Decimal(price) * Decimal(line.possible), 0))
    return Worth(certain, possible, tuple(unpriced))
