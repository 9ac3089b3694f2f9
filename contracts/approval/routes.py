"""Which route a request takes, by its type and size, and how routes are kept as JSON.

Bands are data of the maker; the lower bound of a band belongs to it, and the top has no end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.approval.model import Mode, Route, Stage
from contracts.values.findings import Finding, Severity
from contracts.values.money import Money


class NoRoute(LookupError):
    """No band covers the request: the maker's table of approvers has a hole."""


@dataclass(frozen=True, slots=True)
class Band:
    """Requests of a type from `from_fen` (included) up to the next band of that type.

    `class_code` '' is every class of distributor that has no bands of its own for the type.
    """

    type: str
    from_fen: int
    route: Route
    class_code: str = ""


def route(type: str, size_fen: int, bands: Sequence[Band], class_code: str = "") -> Route:
    """The route of the highest band that the size reaches; NoRoute when there is none.

    The bands of the distributor's class go before those of all classes.
    """
    if size_fen < 0:
        raise ValueError("the size of a request is not negative")
    own = any(band.type == type and band.class_code == class_code for band in bands)
    ruling = class_code if own else ""
    reached = [
        band
        for band in bands
        if band.type == type and band.class_code == ruling and band.from_fen <= size_fen
    ]
    if not reached:
        raise NoRoute(f"no approvers are set for {type!r} of {size_fen} fen")
    return max(reached, key=lambda band: band.from_fen).route


def check_bands(bands: Sequence[Band], types: Sequence[str]) -> list[Finding]:
    """Holes and double entries in the table of approvers, `subject` being the type of request."""
    findings = []
    for kind in types:
        of_kind = [band for band in bands if band.type == kind]
        if not any(band.class_code == "" for band in of_kind):
            findings.append(Finding("approval.no_band", Severity.BLOCK, subject=kind))
        for class_code in sorted({band.class_code for band in of_kind}):
            bounds = sorted(band.from_fen for band in of_kind if band.class_code == class_code)
            if bounds[0] > 0:
                facts = {"lower": Money.from_fen(bounds[0])}
                findings.append(Finding("approval.band_gap", Severity.BLOCK, kind, facts))
            for bound in sorted({bound for bound in bounds if bounds.count(bound) > 1}):
                facts = {"lower": Money.from_fen(bound)}
                findings.append(Finding("approval.band_twice", Severity.BLOCK, kind, facts))
    return findings


def route_to_json(route: Route) -> list[dict[str, object]]:
    """The stages in order, as frozen into a request when it is submitted."""
    return [{"mode": stage.mode.value, "roles": list(stage.roles)} for stage in route.stages]


def route_from_json(data: Sequence[Mapping[str, object]]) -> Route:
    """The route that `route_to_json` wrote; ValueError for anything else."""
    return Route(tuple(_stage(item) for item in data))


def _stage(item: Mapping[str, object]) -> Stage:
    roles = item.get("roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ValueError("roles: a list of role names expected")
    return Stage(Mode(item.get("mode")), tuple(roles))
