"""How a rebate may be used: the forms, the most on one order, and how far it is taken back.

Pure. Amounts are whole fen; the clause stands in the agreement, or the house's holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from contracts.values.findings import Finding, block
from contracts.values.money import Money

#: invoice 票折: off the next invoice; goods 货补: free goods at the dealer price; offset 账扣:
#: against what is owed; transfer 现金/转账: money.
Form = Literal["invoice", "goods", "offset", "transfer"]
FORMS: tuple[Form, ...] = get_args(Form)
#: The forms that are used on an order.
ON_ORDERS: tuple[Form, ...] = ("invoice", "goods")


@dataclass(frozen=True)
class Payout:
    """The clause. `cap_bp`: the most of the goods value of one order that the pool pays, in basis
    points, both forms together; None is no cap. `clawback_months`: at most what was earned in so
    many months before is taken back; None is no limit.
    """

    forms: tuple[Form, ...] = FORMS
    cap_bp: int | None = 3000
    clawback_months: int | None = None

    def __post_init__(self) -> None:
        known = set(self.forms) <= set(FORMS) and len(set(self.forms)) == len(self.forms)
        cap_holds = self.cap_bp is None or 0 <= self.cap_bp <= 10_000
        months_hold = self.clawback_months is None or self.clawback_months > 0
        if not (known and cap_holds and months_hold):
            raise ValueError(f"not a clause on payout: {self}")


def to_json(clause: Payout) -> dict[str, Any]:
    return {
        "forms": list(clause.forms),
        "cap_bp": clause.cap_bp,
        "clawback_months": clause.clawback_months,
    }


def from_json(stored: Mapping[str, Any]) -> Payout:
    """The clause that `to_json` wrote."""
    return Payout(
        in_order(stored.get("forms", FORMS)), stored.get("cap_bp"), stored.get("clawback_months")
    )


def in_order(forms: Sequence[str]) -> tuple[Form, ...]:
    """The known ones of these words, in the order of FORMS."""
    return tuple(form for form in FORMS if form in forms)


@dataclass(frozen=True)
class Pool:
    """What a pool has: `free_fen` may be used, below nought it is owed; `reserved_fen` is used
    already by what waits."""

    free_fen: int
    reserved_fen: int = 0


@dataclass(frozen=True)
class OnOrder:
    """The goods of an order in fen incl. VAT, without free goods; what the pool pays of it."""

    goods_fen: int
    pool_fen: int = 0


def cap_of(clause: Payout, goods_fen: int) -> int:
    """The most of an order that the pool pays, rounded down so that it is never passed."""
    share = 10_000 if clause.cap_bp is None else clause.cap_bp
    return max(0, goods_fen) * share // 10_000


def most_on_order(clause: Payout, pool: Pool, order: OnOrder) -> int:
    """What may still be used on an order: within the cap and within the pool."""
    return max(0, min(pool.free_fen, cap_of(clause, order.goods_fen) - order.pool_fen))


def bounds(clause: Payout, pool: Pool, form: Form, order: OnOrder | None = None) -> list[Finding]:
    """Why nothing, or no more, can be used in a form; empty when nothing stands in the way."""
    found = []
    if form not in clause.forms:
        found.append(block("payout.form", form, form=form))
    if pool.free_fen < 0:
        found.append(block("payout.below_zero", owed=Money.from_fen(-pool.free_fen)))
    elif pool.free_fen == 0:
        found.append(block("payout.empty"))
    if order is not None and order.pool_fen >= cap_of(clause, order.goods_fen):
        found.append(_capped(clause, order))
    return found


def check_use(
    clause: Payout, pool: Pool, form: Form, asked_fen: int, order: OnOrder | None = None
) -> list[Finding]:
    """Whether so much may be used in a form; every reason why not."""
    found = bounds(clause, pool, form, order)
    if asked_fen <= 0:
        found.append(block("payout.amount"))
    if 0 < pool.free_fen < asked_fen:
        found.append(
            block(
                "payout.too_much",
                asked=Money.from_fen(asked_fen),
                free=Money.from_fen(pool.free_fen),
            )
        )
    passes_cap = order is not None and order.pool_fen + asked_fen > cap_of(clause, order.goods_fen)
    if order is not None and passes_cap and not any(f.code == "payout.cap" for f in found):
        found.append(_capped(clause, order))
    return found


def _capped(clause: Payout, order: OnOrder) -> Finding:
    return block(
        "payout.cap",
        percent=_percent(clause),
        goods=Money.from_fen(order.goods_fen),
        cap=Money.from_fen(cap_of(clause, order.goods_fen)),
        used=Money.from_fen(order.pool_fen),
        left=Money.from_fen(max(0, cap_of(clause, order.goods_fen) - order.pool_fen)),
    )


def _percent(clause: Payout) -> str:
    whole, rest = divmod(10_000 if clause.cap_bp is None else clause.cap_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"


def taken_so_far(total_fen: int, done_fen: int, whole_fen: int) -> int:
    """What of `total_fen` belongs to the first `done_fen` of `whole_fen`: half up, exact at the
    end, so that part invoices never take more than their share and together take all."""
    if whole_fen <= 0 or done_fen >= whole_fen:
        return total_fen
    return (2 * total_fen * done_fen + whole_fen) // (2 * whole_fen)


def clawback_within(asked_fen: int, earned_fen: int) -> int:
    """What is taken back of `asked_fen` where at most what was earned may be; both not negative."""
    return min(asked_fen, max(0, earned_fen))
