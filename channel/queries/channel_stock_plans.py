"""What a distributor is forecast to sell out beside the targets that run: two paces, one price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from channel.access import Actor
from channel.models.partners import Distributor
from channel.queries import agreements, catalogue, targets
from channel.queries.channel_stock import Standing
from contracts import agreement as terms_of
from contracts.pricing import price_on
from contracts.values.money import round_half_up
from contracts.values.periods import Period


@dataclass(frozen=True)
class Beside:
    """One running target: what we ship at this pace, what is sold out at the forecast.

    Amounts in fen incl. VAT at today's dealer prices. `missing` goods have no forecast or price.
    """

    period: Period
    goods: tuple[str, ...]
    target_fen: int
    net_fen: int
    pace_fen: int | None
    sell_out_fen: int
    counted: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> Decimal | None:
        """The forecast sell-out of the whole period, of the target."""
        if not self.target_fen:
            return None
        return round_half_up(Decimal(self.sell_out_fen) * 100 / self.target_fen, 1)


def beside_targets(
    actor: Actor, owner: Distributor, found: Sequence[Standing], on: date
) -> list[Beside]:
    """Every target of the distributor that runs on the day; a handful of statements."""
    running = [
        one
        for one in targets.year_of(owner, Period.year(on.year), on).standings
        if one.target.period.contains(on)
    ]
    products = catalogue.products_by_id([one.row.product_id for one in found])
    prices = _prices(owner, found, on)
    result = []
    for standing in running:
        target = standing.target
        sold, missing, counted = 0, [], 0
        for one in found:
            product = products[one.row.product_id]
            if target.goods and product.group.code not in target.goods:
                continue
            price, rate = prices.get(product.code), one.row.daily_e4
            if price is None or rate is None:
                missing.append(product.name)
                continue
            counted += 1
            sold += rate * target.period.days * price
        result.append(
            Beside(
                period=target.period,
                goods=tuple(sorted(target.goods)),
                target_fen=target.amount_fen,
                net_fen=standing.attainment.net_fen,
                pace_fen=standing.pace.forecast_fen,
                sell_out_fen=(sold + 5_000) // 10_000,
                counted=counted,
                missing=tuple(missing),
            )
        )
    return result


def _prices(owner: Distributor, found: Sequence[Standing], on: date) -> dict[str, int]:
    """Product code → dealer price in fen of the agreement's book."""
    ruling, last = agreements.ruling_version(owner.id, on)
    version = ruling or last
    book = terms_of.from_json(version.terms).price_book if version else None
    if not book or not found:
        return {}
    entries = catalogue.price_entries(book, [one.row.product_id for one in found], on)
    codes = {one.row.product.code for one in found}
    priced = {code: price_on(entries, code, on) for code in codes}
    return {code: entry.gross_fen for code, entry in priced.items() if entry is not None}
