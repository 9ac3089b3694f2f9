"""Exchange claims of the demo: one of each step, so that each side finds what is its turn."""

from __future__ import annotations

from datetime import date, timedelta

from channel import clock
from channel.demo.world import World
from channel.queries import exchanges as reads
from channel.queries.exchanges import Offer
from channel.services import exchanges
from channel.services import exchanges_counting as counting
from channel.services.exchanges import Claim, Parcel, Wanted

#: What each distributor says of its slow movers.
REASONS = {
    "D1": "夏季动销放缓，终端铺货量大，申请调换",
    "D2": "门店整改停业一个月，库存未动销",
    "D4": "新口味上市后老口味走货变慢",
}


def leave_open(world: World, today: date) -> None:
    """Settled with a dispute, on its way, approved, filed, and a draft that came too late."""
    _settled(world, today - timedelta(days=12))
    _filed(world, "D4", today - timedelta(days=9), 12, "same", until="on_way")
    _filed(world, "D1", today - timedelta(days=4), 8, "same", until="approved")
    _filed(world, "D2", today - timedelta(days=2), 5, "credit", until="claimed")
    _too_late(world, today)


def _slow(world: World, code: str, on: date, quantity: int) -> Offer | None:
    """The goods whose window ends first, of which there are enough."""
    found = reads.offers(world.distributor(code), on)
    return next((o for o in found if o.open_quantity >= quantity), None)


def _file(world: World, code: str, on: date, quantity: int, means: str) -> int | None:
    offer = _slow(world, code, on, quantity)
    if offer is None:
        return None
    wanted = (Wanted(offer.product_id, offer.batch, quantity),)
    typed = Claim(world.distributor(code), means, REASONS[code], wanted)
    with clock.at(clock.instant_of(on, 11)):
        return exchanges.save_claim(world.actor(code.lower()), typed, file=True)


def _state(world: World, claim: int) -> str:
    return str(reads.get_claim(world.actor("cm"), claim).state)


def _filed(world: World, code: str, on: date, quantity: int, means: str, *, until: str) -> int:
    """A claim moved on as far as the state that is asked for; 0 where nothing can be claimed."""
    claim = _file(world, code, on, quantity, means)
    if claim is None or _state(world, claim) != "claimed" or until == "claimed":
        return claim or 0
    with clock.at(clock.instant_of(on, 15)):
        exchanges.approve(world.actor("cm"), claim, {}, {}, "同意调换，请随附退回单")
    if until == "approved":
        return claim
    with clock.at(clock.instant_of(on + timedelta(days=2), 10)):
        parcel = Parcel(
            on + timedelta(days=2), {}, "德邦物流", f"DPK{on:%y%m%d}08", 18_000, "distributor"
        )
        exchanges.send(world.actor(code.lower()), claim, parcel)
    return claim


def _settled(world: World, on: date) -> None:
    """Twenty boxes approved, eighteen counted: eighteen settled, two disputed."""
    claim = _filed(world, "D1", on, 20, "credit", until="on_way")
    if not claim or _state(world, claim) != "on_way":
        return
    lines = reads.get_claim(world.actor("cm"), claim).lines
    good = {line.id: line.sent or 0 for line in lines}
    good[lines[0].id] -= 2
    with clock.at(clock.instant_of(on + timedelta(days=5), 10)):
        counting.count(world.actor("cm"), claim, good, {lines[0].id: "两箱外箱受潮"})
    with clock.at(clock.instant_of(on + timedelta(days=6), 10)):
        counting.settle(world.actor("fin"), claim)


def _too_late(world: World, today: date) -> None:
    """A draft of goods whose window is over: the page says until when it was open."""
    late = [o for o in reads.offers(world.distributor("D1"), today) if not o.open_quantity]
    if not late:
        return
    offer = late[-1]
    wanted = (Wanted(offer.product_id, offer.batch, min(6, offer.late_quantity)),)
    typed = Claim(world.distributor("D1"), "credit", "盘点时才发现的滞销批次", wanted)
    with clock.at(clock.instant_of(today, 9)):
        exchanges.save_claim(world.actor("d1"), typed, file=True)
