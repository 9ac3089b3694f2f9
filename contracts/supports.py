"""Support for a distributor: what a budget grants of a claim, and when a season is one.

All amounts are fen; nothing is granted over the budget without an approved exception, and
nothing is payable without evidence.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from contracts.values.findings import Finding, block, warn
from contracts.values.money import Money


@dataclass(frozen=True)
class Granted:
    """What is granted of a claim; `over_fen` of it goes over the budget by an exception."""

    granted_fen: int
    over_fen: int


def grant(asked_fen: int, left_fen: int, over_left_fen: int = 0) -> Granted:
    """The claim cut to what the budget has left, and to what an exception adds to it."""
    if asked_fen <= 0:
        raise ValueError("a claim is a positive amount")
    within = min(asked_fen, max(0, left_fen))
    over = min(asked_fen - within, max(0, over_left_fen))
    return Granted(within + over, over)


def check_grant(asked_fen: int, granted: Granted) -> list[Finding]:
    """Warn where less is granted than asked: `support.capped`."""
    if granted.granted_fen >= asked_fen:
        return []
    return [
        warn(
            "support.capped",
            asked=Money.from_fen(asked_fen),
            granted=Money.from_fen(granted.granted_fen),
            short=Money.from_fen(asked_fen - granted.granted_fen),
        )
    ]


def check_season(
    trigger: str, on: date, group: str, season: Collection[int] | None
) -> list[Finding]:
    """Warn of a support «season» outside the months that are season for the goods.

    `season` are months 1 to 12; None where none are set for the group: `support.no_season`.
    """
    if trigger != "season":
        return []
    if not season:
        return [warn("support.no_season", group, group=group)]
    if on.month in season:
        return []
    months = tuple(str(month) for month in sorted(season))
    return [warn("support.out_of_season", group, group=group, month=on.month, months=months)]


def check_payable(granted_fen: int, used_fen: int | None, has_evidence: bool) -> list[Finding]:
    """Why a claim cannot be paid: no evidence, nothing used, more used than granted."""
    findings = []
    if not has_evidence:
        findings.append(block("support.no_evidence"))
    if not used_fen:
        findings.append(block("support.nothing_used"))
    elif used_fen > granted_fen:
        facts = {"used": Money.from_fen(used_fen), "granted": Money.from_fen(granted_fen)}
        findings.append(block("support.over_granted", **facts))
    return findings
