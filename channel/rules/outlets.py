"""Whether an outlet still buys: by its last order, however often somebody looked in."""

from __future__ import annotations

import enum
from datetime import date


class State(enum.StrEnum):
    """How an outlet stands; «closed» is said by people, the others by the days."""

    ACTIVE = "active"
    SLEEPING = "sleeping"
    LOST = "lost"
    CLOSED = "closed"


def state_of(
    is_open: bool,
    last_order: date | None,
    opened_on: date | None,
    on: date,
    sleep_days: int,
    lost_days: int,
) -> State:
    """Sleeping once `sleep_days` have passed without an order, lost after `lost_days`.

    An outlet that never ordered counts from the day on which it was entered; where that is not
    known either, it sleeps.
    """
    if not is_open:
        return State.CLOSED
    since = last_order or opened_on
    if since is None:
        return State.SLEEPING
    days = (on - since).days
    if days >= lost_days:
        return State.LOST
    return State.SLEEPING if days >= sleep_days else State.ACTIVE
