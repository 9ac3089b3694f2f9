"""The pace board as a list: one row for each running target, the same figures on both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from channel.access import Actor
from channel.queries import targets
from channel.queries.computed import table_of
from channel.queries.listing import Column, Filter, Listing


class Tenths(sa.TypeDecorator[Decimal]):
    """Tenths of a percent as percent: 111 is read as 11.1."""

    impl = sa.BigInteger
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-1)


TYPES = {
    "id": sa.BigInteger(),
    "code": sa.String(64),
    "name": sa.String(255),
    "period": sa.String(500),
    "currency": sa.String(3),
    "target_fen": sa.BigInteger(),
    "shipped_fen": sa.BigInteger(),
    "returned_fen": sa.BigInteger(),
    "net_fen": sa.BigInteger(),
    "forecast_fen": sa.BigInteger(),
    "done": Tenths(),
    "gone": Tenths(),
    "lead": Tenths(),
    "mix": sa.String(16),
    "state": sa.String(16),
}


class DayOfBoard(Filter):
    """The day on which the board is looked at; it changes the figures and hides no row."""

    def condition(self, value: str) -> sa.ColumnElement[bool] | None:
        return sa.true()


def board_listing(actor: Actor, on: date, group_names: dict[str, str]) -> Listing:
    """Every running target with what is done, the time gone, the lead and the forecast."""
    rows = [_row(s, group_names) for s in targets.board(actor, on)]
    t = table_of("board", TYPES, rows).c
    return Listing(
        name="targets",
        title=_l("Targets and pace"),
        identity=t.id,
        source=t.id.table,
        columns=[
            Column("name", _l("distributor"), t.name),
            Column("period", _l("period"), t.period),
            Column("target", _l("target"), t.target_fen, "fen", total=True),
            Column("net", _l("shipped net"), t.net_fen, "fen", total=True),
            Column("done", _l("done (%)"), t.done, "percent"),
            Column("gone", _l("time gone (%)"), t.gone, "percent", wide=True),
            Column("lead", _l("lead (points)"), t.lead, "points"),
            Column("forecast", _l("forecast"), t.forecast_fen, "fen", wide=True),
            Column("mix", _l("product mix"), t.mix, "state"),
            Column("state", _l("state"), t.state, "state"),
        ],
        default_sort="lead",
        filters=[
            DayOfBoard("on", _l("as on"), t.period, kind="from"),
            Filter(
                "state",
                _l("state"),
                t.state,
                choices=[
                    ("target_met", _l("met")),
                    ("ahead", _l("ahead of time")),
                    ("behind", _l("behind time")),
                ],
            ),
            Filter(
                "mix",
                _l("product mix"),
                t.mix,
                choices=[("mix_met", _l("mix met")), ("mix_missed", _l("mix not met"))],
            ),
        ],
        search=[t.code, t.name, t.period],
        currency=t.currency,
        endpoint="targets.record",
        empty=_l("No target runs on this day: agreements in force name them, period by period."),
    )


def _tenths(percent: Decimal) -> int:
    return int(percent * 10)


def _row(s: targets.Standing, names: dict[str, str]) -> tuple[object, ...]:
    state = "target_met" if s.attainment.met else "ahead" if s.pace.lead >= 0 else "behind"
    goods = _(", ").join(names.get(g, g) for g in sorted(s.target.goods))
    return (
        s.distributor.id,
        s.distributor.code,
        f"{s.distributor.code} {s.distributor.name}",
        f"{s.target.period.label} {goods}".strip(),
        s.distributor.currency,
        s.target.amount_fen,
        s.shipped_fen,
        s.returned_fen,
        s.attainment.net_fen,
        s.pace.forecast_fen,
        _tenths(s.attainment.percent),
        _tenths(s.pace.gone),
        _tenths(s.pace.lead),
        s.mix_word,
        state,
    )
