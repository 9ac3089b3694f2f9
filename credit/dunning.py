"""Dunning: which letter an overdue item is offered, and what of a debtor's arrears it asks for.

An item that was never on a letter is offered the level of its age; once a letter was really sent
the levels follow one another, none left out. What is disputed, promised or covered by money of the
debtor rests. Order of the checks after OCA account_credit_control (design/credit.md §2.2).
"""

from __future__ import annotations

import calendar
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from contracts.values.findings import Finding, block

#: Due date plus days; the end of the month in which that lies; the letter before plus days.
COMPUTATIONS: Final = ("net_days", "end_of_month", "previous")

#: Why a debtor is offered no letter, or which one.
OFFERED: Final = "offered"
NOT_OVERDUE: Final = "not_overdue"
RESTS: Final = "rests"
WAITS: Final = "waits"
LAST_LEVEL: Final = "last_level"
BELOW_MINIMUM: Final = "below_minimum"


@dataclass(frozen=True)
class Level:
    """One level: from when on it is offered, and the words of its letter.

    `delay` days; `minimum_fen` the least that a letter of this level asks for; `pay_within` the
    days that the letter gives.
    """

    delay: int
    computation: str = "net_days"
    minimum_fen: int = 0
    pay_within: int = 7
    text_zh: str = ""
    text_en: str = ""


@dataclass(frozen=True)
class Policy:
    """The levels in their order (the first is level 1), the account to pay to, and the reminders:
    days before the day to pay by and days after it; 0 sends none of that kind."""

    levels: tuple[Level, ...]
    account: str = ""
    remind_before: int = 3
    remind_after: int = 3


def policy_to_json(policy: Policy) -> dict[str, Any]:
    return asdict(policy)


def policy_from_json(stored: Mapping[str, Any]) -> Policy:
    """A stored policy; fields that it does not know have their usual values."""
    levels = tuple(Level(**level) for level in stored["levels"])
    return Policy(**{**stored, "levels": levels})


def check_policy(policy: Policy) -> list[Finding]:
    """What keeps the levels from being used; empty where all is well."""
    found = []
    if not policy.levels:
        return [block("dunning.policy.empty")]
    before = 0
    for number, level in enumerate(policy.levels, 1):
        if level.computation not in COMPUTATIONS:
            found.append(block("dunning.policy.computation", level=number))
        if level.delay < 1:
            found.append(block("dunning.policy.delay", level=number))
        if level.computation == "previous":
            if number == 1:
                found.append(block("dunning.policy.first_previous"))
        else:
            if level.delay <= before:
                found.append(block("dunning.policy.order", level=number))
            before = level.delay
    return found


@dataclass(frozen=True)
class Item:
    """An open item: an invoice, or one of its instalments.

    `level` is the highest that was really sent (0: none) and `last_sent` when; both stay when the
    item is paid, so that an item that is open again goes on where it stood.
    """

    ref: Hashable
    pay_by: date
    open_fen: int
    disputed_fen: int = 0
    level: int = 0
    last_sent: date | None = None


def is_overdue(item: Item, on: date) -> bool:
    """What is due today is not overdue."""
    return item.open_fen > 0 and item.pay_by < on


def fires_on(level: Level, item: Item) -> date | None:
    """The first day on which the level is offered; None while it hangs on a letter not sent."""
    if level.computation == "previous":
        return None if item.last_sent is None else item.last_sent + timedelta(days=level.delay)
    day = item.pay_by + timedelta(days=level.delay)
    if level.computation == "end_of_month":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def offered_level(policy: Policy, item: Item, on: date) -> int:
    """The level that the item is offered on the day; 0 for none."""
    if not is_overdue(item, on):
        return 0
    if item.level:
        if item.level >= len(policy.levels):
            return 0
        day = fires_on(policy.levels[item.level], item)
        return item.level + 1 if day is not None and day <= on else 0
    reached = 0
    for number, level in enumerate(policy.levels, 1):
        day = fires_on(level, item)
        if day is None:
            break
        if day <= on:
            reached = number
    return reached


@dataclass(frozen=True)
class Line:
    """An overdue item in a proposal: what is asked of it, and the level it would reach."""

    item: Item
    days_overdue: int
    #: What is neither disputed, covered nor promised.
    asked_fen: int
    #: 0 where the item is only listed.
    offered: int


@dataclass(frozen=True)
class Proposal:
    """What is offered for one debtor in one currency; overdue = disputed + covered + promised +
    demanded, to the fen."""

    lines: tuple[Line, ...]
    level: int
    why: str
    overdue_fen: int
    disputed_fen: int
    covered_fen: int
    promised_fen: int
    demanded_fen: int
    #: When the next letter comes into question, where none is offered now.
    next_on: date | None = None

    @property
    def oldest_days(self) -> int:
        return max((line.days_overdue for line in self.lines), default=0)


def propose(
    policy: Policy, items: Iterable[Item], on: date, *, credit_fen: int = 0, promised_fen: int = 0
) -> Proposal:
    """The letter that a debtor is offered on the day, oldest items first.

    `credit_fen` is money and credit notes not set against anything yet; `promised_fen` what is
    promised for a day to come. Both cover the oldest items first and let them rest.
    """
    overdue = sorted((i for i in items if is_overdue(i, on)), key=lambda i: i.pay_by)
    disputed = [min(item.open_fen, item.disputed_fen) for item in overdue]
    rest = [item.open_fen - off for item, off in zip(overdue, disputed, strict=True)]
    after_credit = _cover(rest, credit_fen)
    asked = _cover(after_credit, promised_fen)
    lines = tuple(
        Line(item, (on - item.pay_by).days, fen, offered_level(policy, item, on) if fen else 0)
        for item, fen in zip(overdue, asked, strict=True)
    )
    demanded = sum(asked)
    level = max((line.offered for line in lines), default=0)
    why, next_on = OFFERED, None
    if not lines:
        why = NOT_OVERDUE
    elif not demanded:
        why = RESTS
    elif not level:
        next_on = _next_on(policy, lines)
        why = LAST_LEVEL if next_on is None else WAITS
    elif demanded < policy.levels[level - 1].minimum_fen:
        why, level = BELOW_MINIMUM, 0
    return Proposal(
        lines=lines,
        level=level,
        why=why,
        overdue_fen=sum(item.open_fen for item in overdue),
        disputed_fen=sum(disputed),
        covered_fen=sum(rest) - sum(after_credit),
        promised_fen=sum(after_credit) - demanded,
        demanded_fen=demanded,
        next_on=next_on,
    )


def _cover(amounts: Sequence[int], fen: int) -> list[int]:
    """What stays of each amount when `fen` is set against them from the first on."""
    left, rest = max(0, fen), []
    for amount in amounts:
        used = min(amount, left)
        left -= used
        rest.append(amount - used)
    return rest


def _next_on(policy: Policy, lines: Iterable[Line]) -> date | None:
    """The first day on which one of the items is offered its next level."""
    days = [
        fires_on(policy.levels[line.item.level], line.item)
        for line in lines
        if line.asked_fen and line.item.level < len(policy.levels)
    ]
    return min((day for day in days if day is not None), default=None)


def check_run(on: date, last_run: date | None, today: date) -> list[Finding]:
    """A run is of no day to come, and of no day before the last run."""
    if on > today:
        return [block("dunning.run.future", on=on, today=today)]
    if last_run is not None and on < last_run:
        return [block("dunning.run.before", on=on, last=last_run)]
    return []
