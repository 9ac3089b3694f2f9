"""Reads of exclusivity: declarations, and what was seen of rival goods while they held."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel import clock
from channel.access import Actor
from channel.db import db
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.models.rebates_evidence import ExclusivityDeclaration
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

_d = ExclusivityDeclaration


def get_declaration(actor: Actor, declaration_id: int) -> ExclusivityDeclaration:
    found: ExclusivityDeclaration = get_visible(
        actor, ExclusivityDeclaration, declaration_id, joinedload(_d.distributor)
    )
    return found


def state_of(declaration: ExclusivityDeclaration) -> str:
    """The word for a declaration today."""
    today = clock.today()
    if declaration.withdrawn_on is not None and declaration.withdrawn_on <= today:
        return "declaration_withdrawn"
    if declaration.valid_from > today:
        return "declaration_coming"
    return "declaration_over" if declaration.valid_to <= today else "declaration_holds"


def sightings(declaration: ExclusivityDeclaration) -> Sequence[Incident]:
    """Sightings of rival goods that became known on its days; the page asked whether it may."""
    i = Incident
    end = min(declaration.valid_to, declaration.withdrawn_on or declaration.valid_to)
    return db.session.scalars(
        sa.select(i)
        .where(
            i.kind == "rival",
            i.distributor_id == declaration.distributor_id,
            i.known_at >= clock.instant_of(declaration.valid_from, 0),
            i.known_at < clock.instant_of(end, 0),
        )
        .order_by(i.id)
    ).all()


def declarations() -> Listing:
    """All declarations, the newest first."""
    today = clock.today()
    state = sa.case(
        (_d.withdrawn_on <= today, "declaration_withdrawn"),
        (_d.valid_from > today, "declaration_coming"),
        (_d.valid_to <= today, "declaration_over"),
        else_="declaration_holds",
    )
    return Listing(
        name="exclusivity",
        title=_l("Exclusivity"),
        identity=_d.id,
        source=sa.join(_d, Distributor, Distributor.id == _d.distributor_id),
        columns=[
            Column("number", _l("number"), _d.number, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("valid_from", _l("from"), _d.valid_from, "date"),
            Column("valid_to", _l("until (exclusive)"), _d.valid_to, "date"),
            Column("signer", _l("signed by"), _d.signer, wide=True),
            Column("state", _l("state"), state, "state"),
        ],
        default_sort="-number",
        scope=lambda actor: visible(actor, _d.distributor_id),
        filters=[
            Filter(
                "state",
                _l("state"),
                state,
                choices=[
                    ("declaration_holds", _l("in force")),
                    ("declaration_coming", _l("not begun yet")),
                    ("declaration_over", _l("over")),
                    ("declaration_withdrawn", _l("withdrawn")),
                ],
            ),
            Filter("from", _l("from"), _d.valid_from, kind="from"),
            Filter("to", _l("to"), _d.valid_from, kind="to"),
        ],
        search=[_d.number, _d.signer, Distributor.code, Distributor.name],
        endpoint="rebates.exclusivity_record",
        empty=_l("No declaration yet: the distributor signs it in its own portal."),
    )
