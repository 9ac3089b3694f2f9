"""Of which deliveries a stock is made up, newest first, and how old each part of it is.

A batch that is reported explains itself by our deliveries of that batch; the rest of a product by
the deliveries of no reported batch. What they do not explain is older than what we know of, or
not bought from us: it is shown and never given an age.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from channel.rules.stock_row import Quantity, plain
from contracts.values.money import round_half_up

#: Upper bounds of the ages in days, each inclusive; the last bucket has none.
BOUNDS = (30, 60, 90, 180)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods that we shipped: when, how many, and what they cost in all incl. VAT."""

    shipped_on: date
    quantity: Quantity
    value_fen: int
    batch: str = ""
    reference: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """What is there of one batch of a product; '' where the report names none."""

    batch: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of the stock from one delivery; no delivery: it is not explained."""

    batch: str
    quantity: Quantity
    delivered_on: date | None = None
    #: At our dealer price of that delivery; None where it is not explained.
    value_fen: int | None = None
    reference: int = 0


@dataclass(frozen=True, slots=True)
class Stack:
    """The layers of one product, oldest last within a batch; negative stock is set apart.

    The layers and the quarantined quantities sum to the balance.
    """

    layers: tuple[Layer, ...]
    quarantined: tuple[Holding, ...] = ()

    @property
    def quantity(self) -> Quantity:
        return plain(sum(layer.quantity for layer in self.layers))

    @property
    def unexplained(self) -> Quantity:
        return plain(sum(one.quantity for one in self.layers if one.delivered_on is None))

    @property
    def value_fen(self) -> int:
        return sum(layer.value_fen or 0 for layer in self.layers)


def stack(
    holdings: Sequence[Holding], deliveries: Iterable[Delivery], named: Iterable[str] = ()
) -> Stack:
    """The stock of one product at one time by the deliveries until then.

    `named` are batches that the report lists with nothing left: their deliveries explain no
    other stock. A negative quantity is a wrong figure and makes no layer.
    """
    own = {holding.batch for holding in holdings} | set(named)
    by_batch: dict[str, list[Delivery]] = {}
    newest = sorted(deliveries, key=lambda one: (one.shipped_on, one.reference), reverse=True)
    for one in newest:
        by_batch.setdefault(one.batch if one.batch in own else "", []).append(one)
    layers: list[Layer] = []
    for holding in holdings:
        if holding.quantity > 0:
            layers.extend(_explain(holding, by_batch.get(holding.batch, ())))
    return Stack(tuple(layers), tuple(one for one in holdings if one.quantity < 0))


def _explain(holding: Holding, newest: Iterable[Delivery]) -> Iterator[Layer]:
    """Walk back through the deliveries until the quantity is explained."""
    left = holding.quantity
    for one in newest:
        if left <= 0:
            return
        part = min(left, one.quantity)
        left -= part
        value = _share(one.value_fen, part, one.quantity)
        yield Layer(holding.batch, plain(part), one.shipped_on, value, one.reference)
    if left > 0:
        yield Layer(holding.batch, plain(left))


def _share(value_fen: int, part: Quantity, all_of_it: Quantity) -> int:
    return int(round_half_up(Decimal(value_fen) * Decimal(part) / Decimal(all_of_it), 0))


@dataclass(frozen=True, slots=True)
class Closing:
    """The stock of one product at the end of a period, by batch."""

    period_end: date
    holdings: tuple[Holding, ...]


def replay(
    closings: Iterable[Closing], deliveries: Sequence[Delivery], since: date
) -> list[tuple[date, Stack]]:
    """The layers at the end of each period from a corrected one on, in the order of time.

    Every stack comes from its own closing and the deliveries until then, never from the stack
    before, so that a correction runs through all later periods, and a count stays what it is.
    """
    later = sorted((one for one in closings if one.period_end >= since), key=_end_of)
    return [
        (one.period_end, stack(one.holdings, before(deliveries, one.period_end))) for one in later
    ]


def _end_of(closing: Closing) -> date:
    return closing.period_end


def before(deliveries: Iterable[Delivery], period_end: date) -> list[Delivery]:
    """The deliveries that left before a period's end, which is exclusive."""
    return [one for one in deliveries if one.shipped_on < period_end]


@dataclass(frozen=True, slots=True)
class Ages:
    """A stock by age in whole days since our shipment.

    `buckets` has one quantity for each of BOUNDS and one for what is older, `values_fen` what
    they cost as delivered; `average_days` is weighted by quantity, one decimal, None where no
    layer has an age.
    """

    buckets: tuple[Quantity, ...]
    unexplained: Quantity
    average_days: Decimal | None
    values_fen: tuple[int, ...] = ()


def ages(layers: Iterable[Layer], as_of: date) -> Ages:
    """The layers put into buckets; a bound belongs to the bucket below it."""
    buckets: list[Quantity] = [0] * (len(BOUNDS) + 1)
    values = [0] * (len(BOUNDS) + 1)
    unexplained: Quantity = 0
    weighted = aged = Decimal(0)
    for layer in layers:
        if layer.delivered_on is None:
            unexplained += layer.quantity
            continue
        days = (as_of - layer.delivered_on).days
        buckets[bucket_of(days)] += layer.quantity
        values[bucket_of(days)] += layer.value_fen or 0
        weighted += days * Decimal(layer.quantity)
        aged += Decimal(layer.quantity)
    average = round_half_up(weighted / aged, 1) if aged else None
    shown = tuple(plain(one) for one in buckets)
    return Ages(shown, plain(unexplained), average, tuple(values))


def bucket_of(days: int) -> int:
    """The place of the bucket: 30 days are in the first, 31 in the second."""
    return sum(1 for bound in BOUNDS if days > bound)


@dataclass(frozen=True, slots=True)
class Life:
    """How much of its life goods have left; counted to the expiry day, on which they still sell."""

    days_left: int
    life_days: int | None

    @property
    def bucket(self) -> str:
        """expired, third (less than a third of its life left), two_thirds, fresh, unknown."""
        if self.days_left < 0:
            return "expired"
        if not self.life_days:
            return "unknown"
        if self.days_left * 3 < self.life_days:
            return "third"
        return "two_thirds" if self.days_left * 3 < 2 * self.life_days else "fresh"


def life(
    produced_on: date | None, expires_on: date | None, shelf_life_days: int | None, as_of: date
) -> Life | None:
    """Life left on a day; the reported expiry date goes before production plus shelf life.

    None where neither is known. Twelve months made on 2026-02-01 have 70 days on 2026-11-23.
    """
    end = expires_on
    if end is None and produced_on is not None and shelf_life_days:
        end = produced_on + timedelta(days=shelf_life_days)
    if end is None:
        return None
    days = (end - produced_on).days if produced_on is not None else shelf_life_days
    return Life((end - as_of).days, days)


def sell_through(sold: Quantity, opening: Quantity, received: Quantity) -> Decimal | None:
    """Sold in percent of opening stock plus receipts, one decimal; None when nothing was there.

    Of the two usual definitions this one cannot pass 100 % unless the report does not balance.
    """
    total = opening + received
    if total <= 0:
        return None
    return round_half_up(Decimal(sold) * 100 / Decimal(total), 1)
