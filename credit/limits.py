"""Credit limits as dated rows: a fixed one that revolves, and temporary ones that are spent.

The temporary limits in force add to the fixed one. What was once drawn on a temporary limit does
not come back when it is repaid, only when the order that drew it is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

LimitKind = Literal["fixed", "temporary"]


@dataclass(frozen=True)
class Limit:
    """A limit from a day on until the day before `valid_to`, in fen.

    A fixed limit of None is unlimited, one of 0 is no credit at all. A temporary limit has an
    amount and an end, else ValueError. `drawn_fen` is what orders have ever taken from it.
    """

    kind: LimitKind
    amount_fen: int | None
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    drawn_fen: int = 0

    def __post_init__(self) -> None:
        if self.kind not in ("fixed", "temporary"):
            raise ValueError(f"not a kind of limit: {self.kind!r}")
        if self.amount_fen is not None and self.amount_fen < 0:
            raise ValueError(f"a limit is not negative: {self.amount_fen}")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"must end after it starts: {self.valid_from} .. {self.valid_to}")
        if self.kind == "fixed":
            if self.drawn_fen:
                raise ValueError("a fixed limit revolves and is never drawn up")
        elif self.amount_fen is None or self.valid_to is None:
            raise ValueError("a temporary limit has an amount and an end")
        elif not 0 <= self.drawn_fen <= self.amount_fen:
            raise ValueError(f"drawn {self.drawn_fen} of {self.amount_fen}")

    def holds(self, on: date) -> bool:
        """Whether the limit is in force on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def left_fen(self) -> int:
        """What can still be drawn on a temporary limit; ValueError for an unlimited one."""
        if self.amount_fen is None:
            raise ValueError("an unlimited limit has no remainder")
        return self.amount_fen - self.drawn_fen


@dataclass(frozen=True)
class LimitOn:
    """The limit on a day in fen (None: unlimited) and the rows in force that make it up.

    `temporary_left_fen` is what new orders can still draw beyond the fixed limit.
    """

    amount_fen: int | None
    lines: tuple[Limit, ...]
    temporary_left_fen: int = 0


@dataclass(frozen=True)
class Movement:
    """A change of what is owed or committed: an order is positive, a payment negative.

    `restores` marks a negative one that undoes an order instead of paying it.
    """

    on: date
    amount_fen: int
    restores: bool = False


def limit_on(limits: Iterable[Limit], on: date, used_fen: int = 0) -> LimitOn:
    """The limit in force on this day: the fixed one plus what the temporary ones still carry.

    Of several fixed limits the one that started last counts, of equal starts the one given
    last; without any the fixed part is 0. A temporary limit carries what is left of it, and
    what was drawn on it as long as that is still owed: `used_fen` is the exposure before the
    new order, of which the part above the fixed limit stands on the temporary ones.
    """
    fixed, temporary = _in_force(limits, on)
    lines = (*(() if fixed is None else (fixed,)), *temporary)
    left = sum(limit.left_fen for limit in temporary)
    base = 0 if fixed is None else fixed.amount_fen
    if base is None:
        return LimitOn(None, lines, left)
    drawn = sum(limit.drawn_fen for limit in temporary)
    still_owed = min(drawn, max(0, used_fen - base))
    return LimitOn(base + left + still_owed, lines, left)


def draw(limits: Iterable[Limit], on: date, used_fen: int, new_fen: int) -> list[tuple[Limit, int]]:
    """What a new order takes from each temporary limit, the one that ends first being first.

    The fixed limit is used up before any temporary one. What exceeds them all is not drawn.
    """
    fixed, temporary = _in_force(limits, on)
    base = 0 if fixed is None else fixed.amount_fen
    if base is None:
        return []
    wanted = min(new_fen, used_fen + new_fen - base)
    draws = []
    for limit in temporary:
        share = min(wanted, limit.left_fen)
        if share > 0:
            draws.append((limit, share))
            wanted -= share
    return draws


def with_draws(limits: Sequence[Limit], movements: Iterable[Movement]) -> tuple[Limit, ...]:
    """The same limits with what was ever drawn on them, replayed from the exposure's history.

    Movements come in the order in which they happened. A cancellation gives back first what
    stands on temporary limits, the one drawn last being first; a payment gives nothing back.
    """
    drawn = [limit.drawn_fen for limit in limits]
    used = 0
    for movement in movements:
        rows = tuple(
            replace(limit, drawn_fen=fen) for limit, fen in zip(limits, drawn, strict=True)
        )
        if movement.amount_fen > 0:
            for row, share in draw(rows, movement.on, used, movement.amount_fen):
                drawn[_index(rows, row)] += share
        elif movement.restores:
            _give_back(rows, drawn, movement, used)
        used += movement.amount_fen
    return tuple(replace(limit, drawn_fen=fen) for limit, fen in zip(limits, drawn, strict=True))


def _in_force(limits: Iterable[Limit], on: date) -> tuple[Limit | None, tuple[Limit, ...]]:
    """The fixed limit of the day, and the temporary ones with the earliest end first."""
    fixed: Limit | None = None
    temporary: list[Limit] = []
    for limit in limits:
        if not limit.holds(on):
            continue
        if limit.kind == "temporary":
            temporary.append(limit)
        elif fixed is None or limit.valid_from >= fixed.valid_from:
            fixed = limit
    return fixed, tuple(sorted(temporary, key=lambda limit: limit.valid_to or date.max))


def _index(rows: Sequence[Limit], row: Limit) -> int:
    """Where this very row stands; two equal rows are still two limits."""
    return next(i for i, each in enumerate(rows) if each is row)


def _give_back(rows: Sequence[Limit], drawn: list[int], movement: Movement, used: int) -> None:
    """Undo draws for a cancelled order, as far as it stood above the fixed limit."""
    fixed, temporary = _in_force(rows, movement.on)
    base = 0 if fixed is None else fixed.amount_fen
    if base is None:
        return
    back = min(-movement.amount_fen, max(0, used - base))
    for row in reversed(temporary):
        share = min(back, row.drawn_fen)
        drawn[_index(rows, row)] -= share
        back -= share
