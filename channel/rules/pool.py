"""The rebate pool as a ledger: accounts, pairs, what is left of each earning, and when it goes.

Pure. What was earned first is used first; what waits in approval counts as used, so it never
expires; below nought the next earning fills the gap before anything can be used.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

#: The account on the other side of each kind of movement.
COUNTERS = {
    "earned": "granted",
    "reversed": "clawed_back",
    "used": "spent",
    "expired": "lapsed",
    "reserved": "reserved",
    "released": "reserved",
    "held": "disputed",
    "freed": "disputed",
}
#: The accounts that movements of cases name instead.
OTHER_COUNTERS = ("withheld", "penalty", "waived")
POOL = "pool"
ACCOUNTS = (POOL, *dict.fromkeys(COUNTERS.values()), *OTHER_COUNTERS)
WARN_DAYS = (30, 7)


def counter_of(kind: str, counter: str = "") -> str:
    """The other account of a movement; entries of before name none."""
    return counter or COUNTERS[kind]


@dataclass(frozen=True)
class Movement:
    """An entry of the ledger; `fen` as it moves the pool.

    `lot_id` is the earning that an expiry takes from, or gives back to with a new `expires_on`.
    """

    id: int
    on: date
    kind: str
    fen: int
    expires_on: date | None = None
    lot_id: int | None = None


@dataclass(frozen=True)
class Lot:
    """An earning with what is left of it; `expires_on` is the first day on which it is gone."""

    id: int
    on: date
    fen: int
    left_fen: int
    expires_on: date | None = None

    def is_over(self, on: date) -> bool:
        return self.expires_on is not None and self.expires_on <= on


def pair(movement: Movement, counter: str = "") -> tuple[tuple[str, int], tuple[str, int]]:
    """Both sides of a movement as (account, signed fen); they sum to nought."""
    return (POOL, movement.fen), (counter_of(movement.kind, counter), -movement.fen)


def balance(movements: Iterable[Movement], on: date) -> int:
    """What could be used at the end of a day; below nought it is owed."""
    return sum(m.fen for m in movements if m.on <= on)


def lots(movements: Sequence[Movement]) -> tuple[list[Lot], int]:
    """(what is left of each earning, in the order earned; the gap that the next one fills, ≤ 0).

    The lots and the gap sum to the balance. Expiries take from their own lot; everything else is
    taken from the earliest first, whatever the day, and what comes back lowers what was taken.
    """
    found = {
        m.id: Lot(m.id, m.on, m.fen, m.fen, m.expires_on)
        for m in movements
        if m.kind == "earned" and m.fen > 0
    }
    taken = 0
    for m in movements:
        if m.id in found:
            continue
        if m.kind == "expired" and m.lot_id in found:
            lot = found[m.lot_id]
            until = m.expires_on if m.fen > 0 and m.expires_on else lot.expires_on
            found[m.lot_id] = replace(lot, left_fen=lot.left_fen + m.fen, expires_on=until)
        else:
            taken -= m.fen
    left = []
    for lot in sorted(found.values(), key=lambda one: (one.on, one.id)):
        share = min(lot.left_fen, taken) if taken > 0 else 0
        left.append(replace(lot, left_fen=lot.left_fen - share))
        taken -= share
    if taken < 0 and movements:
        # More came back than was ever taken: nobody's earning, and it never expires.
        left.append(Lot(0, max(m.on for m in movements), -taken, -taken))
        taken = 0
    return left, -taken


def due(movements: Sequence[Movement], on: date) -> list[Lot]:
    """The earnings of which something is left on a day on which they are gone."""
    left, _gap = lots([m for m in movements if m.on <= on])
    return [lot for lot in left if lot.left_fen > 0 and lot.is_over(on)]


def to_warn(movements: Sequence[Movement], on: date) -> list[tuple[int, Lot]]:
    """(warning of 30 or of 7 days, earning): of which something goes within so many days.

    Each warning is due from its day on, so that a day on which nothing ran is made up for.
    """
    left, _gap = lots([m for m in movements if m.on <= on])
    found = []
    for lot in left:
        if lot.left_fen <= 0 or lot.expires_on is None or lot.is_over(on):
            continue
        steps = [days for days in WARN_DAYS if (lot.expires_on - on).days <= days]
        if steps:
            found.append((min(steps), lot))
    return found


def months_later(on: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
