"""Credit limits as dated rows: what revolves, what stands in for it, and what is spent once.

The fixed limit, or the replacing one while it lasts, is the base; seasonal limits and guarantees
add to it and revolve with it. One-off limits, those for a project before temporary ones, add to
all that and are spent: what was once drawn on one does not come back when it is repaid, only when
the order that drew it is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from contracts.values.findings import Finding, warn

LimitKind = Literal["fixed", "replacing", "seasonal", "guarantee", "project", "temporary"]
KINDS: tuple[LimitKind, ...] = get_args(LimitKind)
#: These end; only a fixed limit may hold until another takes its place.
ENDING = KINDS[1:]
#: These add to the base and come back when they are repaid.
ADDING = ("seasonal", "guarantee")
#: These are spent, in this order, once nothing else is left.
ONE_OFF = ("project", "temporary")


@dataclass(frozen=True)
class Limit:
    """A limit from a day on until the day before `valid_to`, in fen.

    A fixed limit of None is unlimited, one of 0 is no credit at all. The other kinds have an
    amount and an end, else ValueError. `drawn_fen` is what orders have ever taken from a
    one-off one.
    """

    kind: LimitKind
    amount_fen: int | None
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    drawn_fen: int = 0
    #: From this day on somebody should have looked at it again; it holds all the same.
    review_on: date | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"not a kind of limit: {self.kind!r}")
        if self.amount_fen is not None and self.amount_fen < 0:
            raise ValueError(f"a limit is not negative: {self.amount_fen}")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"must end after it starts: {self.valid_from} .. {self.valid_to}")
        if self.kind in ENDING and (self.amount_fen is None or self.valid_to is None):
            raise ValueError(f"a {self.kind} limit has an amount and an end")
        if self.kind not in ONE_OFF and self.drawn_fen:
            raise ValueError(f"a {self.kind} limit revolves and is never drawn up")
        if self.amount_fen is not None and not 0 <= self.drawn_fen <= self.amount_fen:
            raise ValueError(f"drawn {self.drawn_fen} of {self.amount_fen}")

    def holds(self, on: date) -> bool:
        """Whether the limit is in force on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds, for people."""
        return None if self.valid_to is None else self.valid_to - timedelta(days=1)

    @property
    def left_fen(self) -> int:
        """What can still be drawn on a one-off limit; ValueError for an unlimited one."""
        if self.amount_fen is None:
            raise ValueError("an unlimited limit has no remainder")
        return self.amount_fen - self.drawn_fen


@dataclass(frozen=True)
class LimitOn:
    """The limit on a day in fen (None: unlimited) and the rows in force that make it up.

    `one_off_left_fen` is what new orders can still draw beyond the fixed limit.
    """

    amount_fen: int | None
    lines: tuple[Limit, ...]
    one_off_left_fen: int = 0


@dataclass(frozen=True)
class Part:
    """What one row gives to the limit of a day, and why that much.

    `why`: base, adds, carries (a one-off limit: what is left and what is still owed on it), or
    why it gives nothing: not_begun, ended, superseded (a later one of its kind rules) or
    replaced (a replacing limit rules). `fen` None is unlimited.
    """

    limit: Limit
    fen: int | None
    why: str


@dataclass(frozen=True)
class Movement:
    """A change of what is owed or committed: an order is positive, a payment negative.

    `restores` marks a negative one that undoes an order instead of paying it.
    """

    on: date
    amount_fen: int
    restores: bool = False


def limit_on(
    limits: Sequence[Limit], on: date, used_fen: int = 0, *, is_shared: bool = False
) -> LimitOn:
    """The limit in force on this day: the base, what adds to it, and what one-off ones carry.

    The base is the replacing limit in force, else the fixed one. Of several of a kind the one
    that started last counts, of equal starts the one given last; without any the base is 0. A
    one-off limit carries what is left of it, and what was drawn on it as long as that is
    still owed: `used_fen` is the exposure before the new order, of which the part above the
    revolving limits stands on the one-off ones. A debtor who shares the limit of a group
    (`is_shared`) and has no base of its own is bounded by the group alone.
    """
    if is_shared and not has_base(limits, on):
        return LimitOn(None, ())
    base, lines, one_off = _in_force(limits, on)
    left = sum(limit.left_fen for limit in one_off)
    if base is None:
        return LimitOn(None, lines, left)
    drawn = sum(limit.drawn_fen for limit in one_off)
    still_owed = min(drawn, max(0, used_fen - base))
    return LimitOn(base + left + still_owed, lines, left)


def is_large_raise(before: LimitOn, after: LimitOn, share_bp: int) -> bool:
    """Whether a limit grows by more than a share of what it was, in basis points.

    Exactly the share is not large; a first limit and one without bound are.
    """
    if before.amount_fen is None:
        return False
    if after.amount_fen is None:
        return True
    grown = after.amount_fen - before.amount_fen
    return grown > 0 and grown * 10_000 > before.amount_fen * share_bp


def explain(limits: Sequence[Limit], on: date, used_fen: int = 0) -> tuple[Part, ...]:
    """Every row with what it gives on this day, in the order given; the parts add up to
    `limit_on`, unless that is unlimited."""
    base, lines, one_off = _in_force(limits, on)
    owed = 0 if base is None else max(0, used_fen - base)
    carried: dict[int, int] = {}
    for limit in one_off:
        still = min(owed, limit.drawn_fen)
        owed -= still
        carried[id(limit)] = limit.left_fen + still
    ruling = {id(line) for line in lines}
    replaced = any(line.kind == "replacing" for line in lines)
    parts = []
    for limit in limits:
        if id(limit) in carried:
            parts.append(Part(limit, carried[id(limit)], "carries"))
        elif id(limit) in ruling:
            why = "adds" if limit.kind in ADDING else "base"
            parts.append(Part(limit, limit.amount_fen, why))
        elif not limit.holds(on):
            parts.append(Part(limit, 0, "not_begun" if on < limit.valid_from else "ended"))
        else:
            hidden = limit.kind == "fixed" and replaced
            parts.append(Part(limit, 0, "replaced" if hidden else "superseded"))
    return tuple(parts)


def lift_of(value_fen: int, share_bp: int) -> int:
    """What a guarantee adds: its value times its share, rounded down so that it never adds more.

    ValueError for a share that is not within 0 and 10,000 basis points.
    """
    if not 0 <= share_bp <= 10_000:
        raise ValueError(f"not a share: {share_bp}")
    return value_fen * share_bp // 10_000


def check_review(limit: LimitOn, on: date) -> list[Finding]:
    """One `credit.limit_review` warning for the oldest review that nobody has made."""
    due = [line.review_on for line in limit.lines if line.review_on and line.review_on <= on]
    return [warn("credit.limit_review", since=min(due))] if due else []


def draw(limits: Iterable[Limit], on: date, used_fen: int, new_fen: int) -> list[tuple[Limit, int]]:
    """What a new order takes from each one-off limit, in the order of their use.

    What revolves is used up before any one-off limit. What exceeds them all is not drawn.
    """
    base, _lines, one_off = _in_force(limits, on)
    if base is None:
        return []
    wanted = min(new_fen, used_fen + new_fen - base)
    draws = []
    for limit in one_off:
        share = min(wanted, limit.left_fen)
        if share > 0:
            draws.append((limit, share))
            wanted -= share
    return draws


def with_draws(limits: Sequence[Limit], movements: Iterable[Movement]) -> tuple[Limit, ...]:
    """The same limits with what was ever drawn on them, replayed from the exposure's history.

    Movements come in the order in which they happened. A cancellation gives back first what
    stands on one-off limits, the one drawn last being first; a payment gives nothing back.
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


def _in_force(
    limits: Iterable[Limit], on: date
) -> tuple[int | None, tuple[Limit, ...], tuple[Limit, ...]]:
    """(what revolves in all, every row in force, the one-off ones in the order of their use).

    A replacing limit rules even over an unlimited fixed one: that is what it is for.
    """
    base: dict[str, Limit] = {}
    adding: list[Limit] = []
    one_off: list[Limit] = []
    for limit in limits:
        if not limit.holds(on):
            continue
        if limit.kind in ONE_OFF:
            one_off.append(limit)
        elif limit.kind in ADDING:
            adding.append(limit)
        elif limit.kind not in base or limit.valid_from >= base[limit.kind].valid_from:
            base[limit.kind] = limit
    ruling = base.get("replacing", base.get("fixed"))
    in_turn = tuple(sorted(one_off, key=_turn))
    lines = (*(() if ruling is None else (ruling,)), *adding, *in_turn)
    if ruling is not None and ruling.amount_fen is None:
        return None, lines, in_turn
    fen = 0 if ruling is None else ruling.amount_fen or 0
    return fen + sum(limit.amount_fen or 0 for limit in adding), lines, in_turn


def _turn(limit: Limit) -> tuple[int, date]:
    """Projects first, then temporary limits; of each kind the one that ends first."""
    return ONE_OFF.index(limit.kind), limit.valid_to or date.max


def has_base(limits: Iterable[Limit], on: date) -> bool:
    """Whether a fixed or a replacing limit of the debtor's own is in force on the day."""
    return any(limit.kind in ("fixed", "replacing") and limit.holds(on) for limit in limits)


def _index(rows: Sequence[Limit], row: Limit) -> int:
    """Where this very row stands; two equal rows are still two limits."""
    return next(i for i, each in enumerate(rows) if each is row)


def _give_back(rows: Sequence[Limit], drawn: list[int], movement: Movement, used: int) -> None:
    """Undo draws for a cancelled order, as far as it stood above what revolves."""
    base, _lines, one_off = _in_force(rows, movement.on)
    if base is None:
        return
    back = min(-movement.amount_fen, max(0, used - base))
    for row in reversed(one_off):
        share = min(back, row.drawn_fen)
        drawn[_index(rows, row)] -= share
        back -= share
