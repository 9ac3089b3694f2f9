"""The list of collection figures by customer at the end of a month."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor
from channel.messages.collection import FIGURES, reason_words
from channel.models.partners import Distributor
from channel.queries.collection import Row, rows_of
from channel.queries.computed import table_of
from channel.queries.listing import Column, Listing
from channel.queries.scope import visible
from contracts.values.periods import Period
from credit.collection_figures import Figure

#: The figures in the order of the columns.
KEYS = ("dso", "count_back", "true_dso", "best", "cei", "days_late")

_TYPES = {
    "distributor_id": sa.BigInteger(),
    "currency": sa.String(3),
    "sales": sa.BigInteger(),
    "balance": sa.BigInteger(),
    "overdue": sa.BigInteger(),
    **{key: sa.Numeric(14, 1) for key in KEYS},
    "remark": sa.String(300),
}


def figures_of(row: Row) -> dict[str, Figure]:
    """The figures of a row by their keys."""
    found = {key: getattr(row, key) for key in KEYS}
    return {key: figure for key, figure in found.items() if figure is not None}


def listing(actor: Actor, month: Period, window: int, today: date) -> Listing:
    """Customers with a balance, a sale or a payment in the window."""
    rows = []
    for row in rows_of(actor, [month], window, by_owner=True, today=today):
        found = figures_of(row)
        rows.append(
            (
                *row.key,
                row.sales_fen,
                row.balance_fen,
                row.overdue_fen,
                *(found[key].value for key in KEYS),
                reason_words(found),
            )
        )
    told = table_of("collected", _TYPES, rows)
    return Listing(
        name=f"collection-{month.label}",
        title=_l("Collection figures"),
        identity=told.c.distributor_id,
        source=sa.join(told, Distributor, Distributor.id == told.c.distributor_id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code", wide=True),
            Column("name", _l("distributor"), Distributor.name),
            Column("sales", _l("sales"), told.c.sales, "fen", total=True, wide=True),
            Column("balance", _l("open"), told.c.balance, "fen", total=True),
            Column("overdue", _l("overdue"), told.c.overdue, "fen", total=True, wide=True),
            *(
                Column(key, FIGURES[key][0], told.c[key], "figure", wide=key != "dso")
                for key in KEYS
            ),
            Column("remark", _l("remark"), told.c.remark, wide=True),
        ],
        default_sort="-balance",
        scope=lambda who: visible(who, told.c.distributor_id),
        search=[Distributor.code, Distributor.name],
        currency=told.c.currency,
        fixed={"month": month.label, "window": str(window)},
        endpoint="collection.record",
        empty=_l("No invoice so far: the figures begin with the first sale."),
    )
