"""Orders of five lines, checked in full and reserved: one client, eight on one debtor, on many.

After each crowd it is asserted that the limit was never passed, that nobody unrelated was refused
and that every balance is the sum of its entries.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import Actor, Role
from channel.db import db
from channel.models.credit import CreditAccount, CreditLimit
from channel.models.orders import Order
from channel.queries.credit_recount import differences
from channel.services import orders
from channel.services.steps.pricing import Wanted
from tests.bench.bare import Bare
from tests.bench.measures import orders_bare
from tests.bench.results import Result, percentile, race
from tests.bench.scales import ORDER_DAY, SCALES, TODAY
from tests.bench.stores import open_app

ACTOR = Actor(2, "fin", Role.FINANCE)
CLIENTS = 8
#: Orders a client writes.
EACH = 40
BARE_EACH = 100
#: Orders that a client writes before its time is taken, for a debtor whom nobody watches.
WARM, WARM_DEBTOR = 3, 81
#: Half of what the crowd asks of the one debtor fits its limit.
FITTING = CLIENTS * EACH // 2


@dataclass(frozen=True)
class Crowd:
    """What the clients of one measure did."""

    per_second: float
    p95_ms: float
    states: dict[str, int]


def run(url: str, scale: str, backend: str) -> list[Result]:
    debtors = SCALES[scale].debtors
    one, bare_one = _alone(url, debtors)
    found = [
        Result(
            "order of 5 lines, one client", backend, one, "/s", bare_one, "≥ 50/s", one >= 50,
            note="bare: lock the debtor, read, sum, insert",
        )
    ]  # fmt: skip
    many = _crowd(url, _our_client, [_share(c, debtors) for c in range(CLIENTS)], EACH)
    assert set(many.states) == {"confirmed"}, f"somebody was refused: {many.states}"
    bare = _crowd(url, orders_bare.client, [_share(c, debtors) for c in range(CLIENTS)], BARE_EACH)
    found.append(_row("many debtors", backend, many, bare))
    contested = debtors - 1
    limit_fen = _narrow(url, contested)
    crowd = _crowd(url, _our_client, [[contested]] * CLIENTS, EACH)
    _assert_sound(url, contested, limit_fen, crowd)
    bare = _crowd(url, orders_bare.client, [[contested]] * CLIENTS, BARE_EACH)
    found.append(_row("one debtor", backend, crowd, bare))
    return found


def _row(where: str, backend: str, crowd: Crowd, bare: Crowd) -> Result:
    states = ", ".join(f"{n} {state}" for state, n in sorted(crowd.states.items()))
    return Result(
        f"order of 5 lines, {CLIENTS} clients on {where}", backend, crowd.per_second, "/s",
        bare.per_second, "≥ 0.5 × bare", crowd.per_second >= 0.5 * bare.per_second,
        note=f"p95 {crowd.p95_ms:.0f} ms; {states}; no overrun, no drift",
    )  # fmt: skip


def _share(client: int, debtors: int) -> list[int]:
    """Each client's own debtors, the last one left out: that one is fought for later."""
    return [1 + client + CLIENTS * n for n in range(10) if 1 + client + CLIENTS * n < debtors - 1]


def _draft(distributor_id: int, number: int) -> orders.Draft:
    lines = tuple(Wanted(1 + (number * 5 + k) % 50, 10 + k) for k in range(5))
    return orders.Draft(distributor_id, ORDER_DAY, distributor_id, lines)


def _alone(url: str, debtors: int) -> tuple[float, float]:
    """(ours, bare) orders a second of one client, debtor after debtor: the best of six turns."""
    turn, turns = 20, itertools.count()
    bare = Bare(url)

    def ours() -> None:
        first = next(turns) * turn
        for n in range(first, first + turn):
            orders.place_order(ACTOR, _draft(1 + n * 7 % (debtors - 2), n))

    def theirs() -> None:
        first = next(turns) * turn
        for n in range(first, first + turn):
            orders_bare.place(bare, 1 + n * 7 % (debtors - 2), f"alone-{n}")

    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        spent = race(ours, theirs)
        db.session.remove()
        db.engine.dispose()
    bare.close()
    return turn / spent[0], turn / spent[1]


def _narrow(url: str, distributor_id: int) -> int:
    """Set the debtor's limit so that exactly FITTING orders of the crowd fit; gives the fen.

    All its orders are alike, so that the number that fits does not depend on who comes first.
    """
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        _verdict, lines = orders.preview(ACTOR, _draft(distributor_id, 0))
        account = db.session.scalars(_account_of(distributor_id)).one()
        used = credit_used(account)
        limit_fen = used + FITTING * sum(line.gross_fen for line in lines)
        db.session.execute(
            sa.update(CreditLimit)
            .where(CreditLimit.distributor_id == distributor_id)
            .values(amount_fen=limit_fen)
        )
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return limit_fen


def credit_used(account: CreditAccount) -> int:
    return account.ordered_fen + account.shipped_fen + account.invoiced_fen - account.unapplied_fen


def _account_of(distributor_id: int) -> Any:
    return sa.select(CreditAccount).where(CreditAccount.distributor_id == distributor_id)


def _assert_sound(url: str, distributor_id: int, limit_fen: int, crowd: Crowd) -> None:
    """The limit is used to the last fen and not passed; balances are sums; all was counted."""
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        account = db.session.scalars(_account_of(distributor_id)).one()
        assert credit_used(account) == limit_fen, "the limit was passed, or room was left"
        wanted = {"confirmed": FITTING, "held": CLIENTS * EACH - FITTING}
        assert crowd.states == wanted, f"{crowd.states} instead of {wanted}"
        assert differences() == [], "a balance is not the sum of its entries"
        db.session.remove()
        db.engine.dispose()


Client = Callable[[str, Sequence[int], int, Any, Any], None]


def _crowd(url: str, client: Client, shares: Sequence[Sequence[int]], each: int) -> Crowd:
    """Start the clients, let them begin together, and put together what they did."""
    context = get_context("spawn")
    start, told = context.Barrier(len(shares)), context.Queue()
    clients = [
        context.Process(target=client, args=(url, share, each, start, told)) for share in shares
    ]
    for process in clients:
        process.start()
    reports = [told.get(timeout=60) for _ in clients]
    for process in clients:
        process.join()
    span = max(r[1] for r in reports) - min(r[0] for r in reports)
    waits = [wait for r in reports for wait in r[2]]
    states: dict[str, int] = {}
    for r in reports:
        for state in r[3]:
            states[state] = states.get(state, 0) + 1
    return Crowd(len(shares) * each / span, 1000 * percentile(waits, 95), states)


def _our_client(url: str, share: Sequence[int], each: int, start: Any, told: Any) -> None:
    """One process that writes orders for its debtors."""
    app = open_app(url)
    with app.app_context(), clock.at(TODAY):
        for _ in range(WARM):
            orders.place_order(ACTOR, _draft(WARM_DEBTOR, 0))
        start.wait(120)
        began, waits, ids = time.monotonic(), [], []
        for n in range(each):
            at = time.monotonic()
            ids.append(orders.place_order(ACTOR, _draft(share[n % len(share)], 0)))
            waits.append(time.monotonic() - at)
        ended = time.monotonic()
        states = list(db.session.scalars(sa.select(Order.state).where(Order.id.in_(ids))))
        told.put((began, ended, waits, states))
        db.session.remove()
        db.engine.dispose()
