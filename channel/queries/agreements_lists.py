"""Lists about agreements beside their versions: free duties, and what expires soon."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from channel import clock
from channel.messages.clauses import DUTY_KINDS
from channel.models.agreements import Agreement, AgreementVersion, Obligation
from channel.models.partners import Distributor
from channel.queries.agreements import SIGNED, binds_on
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible

SIDES = [("distributor", _l("the distributor")), ("maker", _l("the maker"))]
#: Days before the end at which an agreement is listed, the most pressing first.
NEAR = (30, 60, 90)


def obligations_listing() -> Listing:
    """Free duties with their state on this day; an open one is overdue from the day after."""
    today = clock.today()
    state = sa.case(
        (sa.and_(Obligation.state == "open", Obligation.due_on < today), "overdue"),
        else_=Obligation.state,
    )
    return Listing(
        name="obligations",
        title=_l("Free duties"),
        identity=Obligation.agreement_id,
        source=sa.join(Obligation, Agreement, Agreement.id == Obligation.agreement_id).join(
            Distributor, Distributor.id == Obligation.distributor_id
        ),
        columns=[
            Column("due_on", _l("due on"), Obligation.due_on, "date"),
            Column("text", _l("what is to be done"), Obligation.text),
            Column("owner", _l("by whom"), Obligation.owner, "side", wide=True),
            Column("kind", _l("kind"), Obligation.kind, "duty_kind", wide=True),
            Column("number", _l("agreement"), Agreement.number, "code", wide=True),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("evidence", _l("evidence"), Obligation.evidence, wide=True),
            Column("state", _l("state"), state, "state"),
        ],
        default_sort="due_on",
        scope=lambda actor: sa.and_(
            visible(actor, Obligation.distributor_id), Obligation.state != "dropped"
        ),
        filters=[
            Filter(
                "state",
                _l("state"),
                sa.type_coerce(state, sa.String),
                choices=[
                    ("open", _l("open")),
                    ("overdue", _l("overdue")),
                    ("fulfilled", _l("fulfilled")),
                ],
            ),
            Filter("owner", _l("by whom"), Obligation.owner, choices=SIDES),
            Filter("kind", _l("kind"), Obligation.kind, choices=list(DUTY_KINDS.items())),
            Filter("from", _l("due from"), Obligation.due_on, kind="from"),
            Filter("to", _l("due until"), Obligation.due_on, kind="to"),
        ],
        search=[Obligation.text, Agreement.number, Distributor.name, Distributor.code],
        endpoint="agreements.newest",
        empty=_l("No free duty is noted. They stand in clause 11 of an agreement."),
    )


def near(last: Any, on: date) -> Any:
    """30, 60 or 90: within how many days a version ends."""
    whens: Any = [(last <= on + timedelta(days=days), str(days)) for days in NEAR]
    return sa.case(*whens, else_="")


def expiring_listing() -> Listing:
    """Agreements that bind today, end within 90 days, and that nothing signed continues.

    What is being drafted or reviewed in their place is shown beside them.
    """
    on = clock.today()
    v, later = AgreementVersion, aliased(AgreementVersion)
    continued = (
        sa.exists()
        .where(
            later.agreement_id == v.agreement_id,
            later.state.in_(("approved", "suspended")),
            sa.or_(
                later.valid_to > v.valid_to,
                # Of two that end together the later one stands for the agreement.
                sa.and_(later.valid_to == v.valid_to, later.version_no > v.version_no),
            ),
        )
        .correlate(v)
    )
    prepared = (
        sa.select(sa.func.max(later.state))
        .where(later.agreement_id == v.agreement_id, later.state.in_(("draft", "review")))
        .correlate(v)
        .scalar_subquery()
    )
    bucket = near(v.valid_to, on)
    return Listing(
        name="expiring-agreements",
        title=_l("Expiring agreements"),
        identity=v.id,
        source=sa.join(v, Agreement, v.agreement_id == Agreement.id).join(
            Distributor, Distributor.id == Agreement.distributor_id
        ),
        columns=[
            Column("number", _l("number"), Agreement.number, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("within", _l("within days"), bucket, "code"),
            Column("valid_to", _l("until (exclusive)"), v.valid_to, "date"),
            Column("prepared", _l("renewal"), prepared, "state"),
        ],
        default_sort="valid_to",
        scope=lambda actor: sa.and_(
            visible(actor, Agreement.distributor_id),
            v.state.in_(SIGNED),
            binds_on(on),
            v.valid_to <= on + timedelta(days=NEAR[-1]),
            ~continued,
        ),
        filters=[
            Filter(
                "within",
                _l("within days"),
                sa.type_coerce(bucket, sa.String),
                choices=[("30", "30"), ("30,60", "60"), ("30,60,90", "90")],
            )
        ],
        search=[Agreement.number, Distributor.name, Distributor.code],
        endpoint="agreements.record",
        empty=_l("No agreement ends within 90 days without a signed renewal."),
    )
