"""The inventory statement as plain values: stock, movements, ages, levels and suggested order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from channel.access import Actor
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport
from channel.queries import partners, stock_advice_levels, stock_layers_goods
from channel.queries.stock_advice_levels import Advised
from channel.queries.stock_layers_goods import Aged
from channel.rules.layers import sell_through

MOVED_IN = ("receipts", "returns_in", "transfers_in", "adj_plus")
MOVED_OUT = ("returns_out", "transfers_out", "losses")


def document(
    actor: Actor, distributor: Distributor, report: InventoryReport, today: date
) -> dict[str, Any]:
    """The statement at the end of the report: channel.documents.stock.StockStatementDoc."""
    maker = partners.get_maker()
    last_day = report.period_end - timedelta(days=1)
    advices = stock_advice_levels.advise_by_method(report, today)
    aged = stock_layers_goods.stacks(report, last_day)
    goods = [_goods(report, one, aged[one.product.id]) for one in advices.goods]
    return {
        "period": report.period,
        "version": report.version_no,
        "first_day": report.period_start.isoformat(),
        "last_day": last_day.isoformat(),
        "date": today.isoformat(),
        "currency": distributor.currency,
        "maker": {
            "name": maker.name,
            "name_en": maker.name_en,
            "uscc": maker.uscc or "",
            "address": maker.address,
        },
        "distributor": {
            "name": distributor.name,
            "code": distributor.code,
            "uscc": distributor.uscc or "",
            "address": distributor.address,
        },
        "goods": goods,
        "value_fen": sum(one["value_fen"] for one in goods),
        "order_fen": advices.value_fen,
        "floor_fen": advices.floor_fen,
        "prepared_by": actor.name,
    }


def _goods(report: InventoryReport, one: Advised, aged: Aged) -> dict[str, Any]:
    rows = [row for row in report.rows if row.product_id == one.product.id]

    def total(*names: str) -> int:
        return sum(getattr(row, name) or 0 for row in rows for name in names)

    opening, came, sold = total("opening"), total(*MOVED_IN), total("sell_out")
    left, closing = total(*MOVED_OUT), total("closing")
    through = sell_through(sold, opening, total("receipts"))
    return {
        "code": one.product.code,
        "name": one.product.name,
        "name_en": one.product.name_en,
        "unit": one.product.unit,
        "opening": opening,
        "came_in": came,
        "sold": sold,
        "left": left,
        "closing": closing,
        #: Closing less what the movements lead to; the report gave a reason where it is not 0.
        "difference": closing - (opening + came - sold - left),
        "sell_through": "" if through is None else str(through),
        "method": one.ruling.method.value,
        "safety": one.ruling.safety,
        "target": one.ruling.target,
        "stock": one.stock,
        "in_transit": one.in_transit,
        "on_order": one.on_order,
        "to_order": one.suggestion.quantity,
        "order_fen": one.value_fen,
        "cover": "" if one.cover is None else str(one.cover),
        "ages": [int(quantity) for quantity in aged.ages.buckets],
        "unexplained": int(aged.ages.unexplained),
        "quarantined": int(sum(held.quantity for held in aged.stack.quarantined)),
        "average_days": "" if aged.ages.average_days is None else str(aged.ages.average_days),
        "value_fen": aged.stack.value_fen,
        "layers": [
            {
                "batch": layer.batch,
                "delivered_on": layer.delivered_on.isoformat() if layer.delivered_on else "",
                "quantity": int(layer.quantity),
                "value_fen": layer.value_fen,
            }
            for layer in aged.stack.layers
        ],
    }
