"""Who signs a request: the house's bands, who is away, and who signs in whose stead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from channel.access import Permission, Role
from channel.models.exceptions import TYPES
from channel.models.partners import Maker
from channel.queries import accounts as people
from channel.queries import approvals as reads
from contracts.approval import Band, Mode, Route, Stage, route_from_json

CM, FIN, OWNER = Role.CHANNEL_MANAGER.value, Role.FINANCE.value, Role.OWNER.value

#: The stages of a kind for which the house has set nothing: the desk that bears the risk.
DEFAULTS: dict[str, tuple[str, ...]] = {
    "minimum": (CM,),
    "credit": (CM, FIN),
    "territory": (CM,),
    "price": (CM, FIN),
    "expiry": (CM, FIN),
    "level": (CM, OWNER),
    "terms": (CM, FIN),
    "exchange": (CM,),
    "delivery_place": (CM,),
    "support": (CM, FIN),
}


def default_bands(maker: Maker, kinds: Iterable[str] = TYPES) -> list[Band]:
    """The desks one after the other, and the owner above the house's amount."""
    found = []
    for kind in kinds:
        stages = tuple(Stage(Mode.ANY_OF, (role,)) for role in DEFAULTS[kind])
        found.append(Band(kind, 0, Route(stages)))
        if maker.exception_band_fen > 0 and OWNER not in DEFAULTS[kind]:
            higher = Route((*stages, Stage(Mode.ANY_OF, (OWNER,))))
            found.append(Band(kind, maker.exception_band_fen, higher))
    return found


def bands(maker: Maker) -> list[Band]:
    """The bands in force: those that the house has set, and the default of every other kind."""
    own = [
        Band(row.type, row.from_fen, route_from_json(row.route), row.class_code)
        for row in reads.bands()
    ]
    set_for_all = {band.type for band in own if not band.class_code}
    return own + default_bands(maker, [kind for kind in TYPES if kind not in set_for_all])


def may_decide(person_id: int | None) -> bool:
    """Whether the person is there and holds a role that decides."""
    return any(user.id == person_id for user in people.people_with(Permission.EXCEPTIONS_DECIDE))


def case_now(request: Any, on: date) -> Any:
    """The request as the engine sees it today: with those who cannot be waited for."""
    return reads.case_of(request, reads.away(request, on))
