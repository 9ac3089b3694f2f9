"""The house's rules of cash application: changed by an administrator, seen by everybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.cash import CashRule
from channel.queries import cash
from channel.services.steps.records import put
from channel.services.work import assert_seen, work


@dataclass(frozen=True)
class RuleFacts:
    """What can be set; shares and rates in basis points."""

    policy: str
    short_fen: int
    short_bp: int
    over_fen: int
    over_bp: int
    over_is_income: bool
    interest_bp: int
    write_off_band_fen: int


def save_rules(actor: Actor, facts: RuleFacts, seen_version: int | None = None) -> None:
    """Change how money is applied from now on; what is posted stays as it is."""
    with work(actor, Permission.SETTINGS_MANAGE) as w:
        [rules] = lock(CashRule, [cash.rules().id])
        assert_seen(rules, seen_version)
        if changed := put(rules, asdict(facts)):
            changes = {_told(name): _readable(name, pair) for name, pair in changed.items()}
            w.audit("cash:rules", rules, changes=changes)


def _told(name: str) -> str:
    """The name of a rule in the trail, where «over» is something else already."""
    return "overpaid_fen" if name == "over_fen" else name


def _readable(name: str, pair: tuple[Any, Any]) -> tuple[Any, Any]:
    """Shares and rates as per cent."""
    if not name.endswith("_bp"):
        return pair
    old, new = (f"{Decimal(value).scaleb(-2).normalize():f} %" for value in pair)
    return old, new
