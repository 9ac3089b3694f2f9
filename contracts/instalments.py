"""How an amount is cut into instalments, and what paying early takes off each of them.

Amounts are whole fen; every share is rounded half-up once and the last one takes what remains,
so that the instalments always sum to the amount, whichever its sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from contracts.values.findings import Finding, block
from contracts.values.money import Money, allocate, fen_of
from contracts.values.rates import EXACT, Rate

ShareKind = Literal["fixed", "of_total", "of_rest", "rest"]
DiscountBase = Literal["gross", "net"]

#: More shares than these are a slip of typing, not an agreement.
SHARES_MAX = 24
_WHOLE = Decimal(1)
_NOTHING = Rate(Decimal(0))


@dataclass(frozen=True)
class Share:
    """One instalment of a term, due after `days` of its own by the term's convention.

    - fixed: `amount_fen`; where less is left, what is left.
    - of_total: `rate` of the whole amount. - of_rest: `rate` of what the earlier shares left.
    - rest: all that is left; the last share must be this one.
    """

    kind: ShareKind
    days: int = 0
    amount_fen: int = 0
    rate: Rate = _NOTHING

    def __post_init__(self) -> None:
        if self.kind not in get_args(ShareKind):
            raise ValueError(f"not a kind of share: {self.kind!r}")
        if self.days < 0:
            raise ValueError(f"a share is not due {self.days} days after")


@dataclass(frozen=True)
class EarlyDiscount:
    """What is taken off for payment within `days` of the basis date, the last day included.

    `base` gross takes the rate of the amount incl. VAT, net of the amount without VAT.
    """

    days: int
    rate: Rate
    base: DiscountBase = "gross"

    def __post_init__(self) -> None:
        if self.base not in get_args(DiscountBase):
            raise ValueError(f"not a base of a discount: {self.base!r}")
        if self.days < 0:
            raise ValueError(f"a discount does not end {self.days} days after")

    def fen(self, gross_fen: int, net_fen: int) -> int:
        """The discount on a whole amount, half-up to the fen."""
        return _fen(self.rate, gross_fen if self.base == "gross" else net_fen)


def _fen(rate: Rate, whole_fen: int) -> int:
    """A rate of an amount, half-up to the fen."""
    return fen_of(EXACT.scaleb(rate.of(Decimal(whole_fen)), -2))


def check_shares(shares: Sequence[Share], subject: str = "") -> list[Finding]:
    """Why no amount could be cut like this; nothing for a term without shares."""
    if not shares:
        return []
    found = []
    kinds = [share.kind for share in shares]
    if len(shares) > SHARES_MAX:
        found.append(block("payment.too_many_shares", subject, count=len(shares), most=SHARES_MAX))
    if "rest" not in kinds:
        found.append(block("payment.no_rest", subject))
    elif kinds.index("rest") != len(kinds) - 1:
        found.append(block("payment.rest_not_last", subject, number=kinds.index("rest") + 1))
    for number, share in enumerate(shares, 1):
        if share.kind == "fixed" and share.amount_fen <= 0:
            found.append(block("payment.share_nothing", subject, number=number))
        if share.kind in ("of_total", "of_rest"):
            if share.rate.fraction <= 0:
                found.append(block("payment.share_nothing", subject, number=number))
            elif share.rate.fraction > _WHOLE:
                found.append(block("payment.share_over", subject, number=number, rate=share.rate))
    total = sum((s.rate.fraction for s in shares if s.kind == "of_total"), Decimal(0))
    if total > _WHOLE:
        found.append(block("payment.shares_over", subject, rate=Rate(total)))
    elif total == _WHOLE or any(s.kind == "of_rest" and s.rate.fraction == 1 for s in shares):
        found.append(block("payment.rest_nothing", subject))
    return found


def check_amount(
    shares: Sequence[Share], total_fen: int, subject: str = "", currency: str = "CNY"
) -> list[Finding]:
    """Fixed shares that together exceed an amount of this size: the later ones would be nothing."""
    fixed = sum(share.amount_fen for share in shares if share.kind == "fixed")
    if fixed <= abs(total_fen):
        return []
    facts = {
        "fixed": Money.from_fen(fixed, currency),
        "total": Money.from_fen(abs(total_fen), currency),
    }
    return [block("payment.fixed_above_total", subject, **facts)]


def check_discount(discount: EarlyDiscount | None, subject: str = "") -> list[Finding]:
    """A rate that is nothing, or that gives all away."""
    if discount is None or 0 < discount.rate.fraction < _WHOLE:
        return []
    return [block("payment.discount_rate", subject, rate=discount.rate)]


def cut(shares: Sequence[Share], total_fen: int) -> list[tuple[int, int]]:
    """[(index of the share, fen)]: shares of nothing are left out, and the sum is the total.

    What exceeds the rest takes the rest and ends the list; what no share takes joins the last.
    """
    sign, left, total = (-1 if total_fen < 0 else 1), abs(total_fen), abs(total_fen)
    cuts: list[tuple[int, int]] = []
    for index, share in enumerate(shares):
        wanted = left
        if share.kind == "fixed":
            wanted = share.amount_fen
        elif share.kind != "rest":
            whole = total if share.kind == "of_total" else left
            wanted = _fen(share.rate, whole)
        taken = min(max(wanted, 0), left)
        left -= taken
        if taken:
            cuts.append((index, taken))
    if left or not cuts:
        index, taken = cuts.pop() if cuts else (max(len(shares) - 1, 0), 0)
        cuts.append((index, taken + left))
    return [(index, sign * taken) for index, taken in cuts]


def spread_discount(discount_fen: int, amounts_fen: Sequence[int]) -> list[int]:
    """The discount of the whole, over the instalments in proportion; sums exactly."""
    weights = [abs(amount) for amount in amounts_fen]
    return allocate(discount_fen, weights) if any(weights) else [0] * len(weights)


def share_to_json(share: Share) -> dict[str, Any]:
    return {
        "kind": share.kind,
        "days": share.days,
        "amount_fen": share.amount_fen,
        "rate": str(share.rate.fraction),
    }


def share_from_json(stored: Mapping[str, Any]) -> Share:
    return Share(
        stored["kind"], stored["days"], stored["amount_fen"], Rate(Decimal(stored["rate"]))
    )


def discount_to_json(discount: EarlyDiscount) -> dict[str, Any]:
    return {"days": discount.days, "rate": str(discount.rate.fraction), "base": discount.base}


def discount_from_json(stored: Mapping[str, Any]) -> EarlyDiscount:
    return EarlyDiscount(stored["days"], Rate(Decimal(stored["rate"])), stored["base"])
