"""The list of posted statements: one's own, with what became of the reply to each."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.models.rebates_desk import StatementReply
from channel.queries import rebates_replies as replies
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible

_s, _run = RebateStatement, RebateRun


def listing(on: date) -> Listing:
    """Posted statements by number, as of a day: by then replies are waited for or late."""
    reply = replies.state_column(on)
    return Listing(
        name="rebate-statements",
        title=_l("Settlement statements"),
        identity=_s.id,
        source=sa.join(_s, _run, _run.id == _s.run_id)
        .join(Distributor, Distributor.id == _s.distributor_id)
        .join(RebatePolicy, RebatePolicy.id == _s.policy_id)
        .outerjoin(StatementReply, StatementReply.statement_id == _s.id),
        columns=[
            Column("number", _l("number"), _s.number, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("period_start", _l("from"), _s.period_start, "date", wide=True),
            Column("period_end", _l("until (exclusive)"), _s.period_end, "date", wide=True),
            Column("policy_code", _l("policy"), _s.policy_code, "code", wide=True),
            Column("version_no", _l("version"), RebatePolicy.version_no, "quantity", wide=True),
            Column("currency", _l("currency"), _s.currency, "code", wide=True),
            Column("base_fen", _l("base"), _s.base_fen, "fen", total=True, wide=True),
            Column("amount_fen", _l("amount"), _s.amount_fen, "fen", total=True),
            Column("reply_by", _l("reply until"), StatementReply.reply_by, "date", wide=True),
            Column("reply", _l("reply"), reply, "state"),
        ],
        default_sort="-number",
        scope=lambda actor: sa.and_(_run.state == "posted", visible(actor, _s.distributor_id)),
        filters=[
            Filter("from", _l("from"), _s.period_start, kind="from"),
            Filter("to", _l("to"), _s.period_start, kind="to"),
            Filter("currency", _l("currency"), _s.currency, kind="text"),
            Filter("policy", _l("policy"), _s.policy_code, kind="text"),
            Filter(
                "reply",
                _l("reply"),
                reply,
                choices=[
                    ("reply_waiting", _l("waits for the reply")),
                    ("contested", _l("contested")),
                    ("reply_confirmed", _l("confirmed")),
                    ("reply_silence", _l("confirmed by silence")),
                    ("reply_open", _l("no reply came")),
                ],
            ),
        ],
        search=[_s.number, Distributor.name, Distributor.code],
        currency=_s.currency,
        endpoint="rebates.statement",
        empty=_l("No statement yet: they appear here when a rebate run is posted."),
    )
