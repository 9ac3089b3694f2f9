"""The ladder of consequences for a breach: its rungs, what each needs, and who has to sign.

Pure. A step is an entry: it is undone by its opposite, never changed or taken away.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from contracts.values.findings import Finding, block, warn
from contracts.values.money import Money

#: From the lightest to the heaviest.
RUNGS = ("warning", "fine", "deposit", "withhold", "stop", "terminate")
#: These move money: a line on the next rebate statement, the deposit, rebates held back.
MONEY_RUNGS = ("fine", "deposit", "withhold")
#: The contract's own amount counts for these; how much rebate is held back is decided each time.
PENALTIES = ("fine", "deposit")
#: Where the amount comes from; all but the contract ask for a reason.
BASES = ("contract", "court", "settlement")
#: Above this a consequence is signed by the owner.
OWNER_ABOVE_FEN = 1_000_000
#: Working days to answer a notice, where nobody sets another day.
REPLY_WORKING_DAYS = 5


@dataclass(frozen=True)
class Ladder:
    """What the agreement says of a breach: the penalty in fen (0: none named), days to top up."""

    penalty_fen: int = 0
    top_up_days: int = 15


@dataclass(frozen=True)
class Consequence:
    """One step as somebody proposes it; `end` is the last day on which shipping is stopped."""

    kind: str
    amount_fen: int = 0
    basis: str = "contract"
    why: str = ""
    start: date | None = None
    end: date | None = None


def check(
    step: Consequence, ladder: Ladder, taken: Collection[str], currency: str = "CNY"
) -> list[Finding]:
    """What is wrong with a step; a warning names the lighter rungs that were never taken."""
    if step.kind not in RUNGS or step.basis not in BASES:
        return [block("conduct.kind")]
    found = []
    if step.kind in MONEY_RUNGS and step.amount_fen <= 0:
        found.append(block("conduct.amount_needed"))
    if step.kind not in MONEY_RUNGS and step.amount_fen:
        found.append(block("conduct.no_amount"))
    if step.kind in PENALTIES and step.amount_fen > 0:
        found += _check_amount(step, ladder, currency)
    if step.kind in ("stop", "terminate") and step.start is None:
        found.append(block("conduct.day_needed"))
    if step.start and step.end and step.end < step.start:
        found.append(block("conduct.span", start=step.start, end=step.end))
    if skipped := skipped_rungs(step.kind, taken):
        found.append(warn("conduct.skips", rungs=skipped))
    return found


def _check_amount(step: Consequence, ladder: Ladder, currency: str) -> list[Finding]:
    asked = Money.from_fen(step.amount_fen, currency)
    if step.basis == "contract":
        if not ladder.penalty_fen:
            return [block("conduct.no_contract_amount", asked=asked)]
        if step.amount_fen != ladder.penalty_fen:
            agreed = Money.from_fen(ladder.penalty_fen, currency)
            return [block("conduct.differs", asked=asked, agreed=agreed)]
    elif not step.why.strip():
        return [block("conduct.why_needed")]
    return []


def skipped_rungs(kind: str, taken: Collection[str]) -> tuple[str, ...]:
    """The lighter rungs that were not taken before, where none at all was taken.

    Rungs are alternatives of rising weight: one lighter step before is enough.
    """
    below = RUNGS[: RUNGS.index(kind)]
    return () if any(rung in taken for rung in below) else below


def needs_owner(kind: str, amount_fen: int) -> bool:
    """Whether the owner has to sign: the end of the agreement, or more than the band."""
    return kind == "terminate" or amount_fen > OWNER_ABOVE_FEN


def opposite(amount_fen: int) -> int:
    """The entry that undoes an entry of this amount."""
    return -amount_fen
