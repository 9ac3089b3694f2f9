"""Which route a request takes, and when a waiting case is reminded of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.approval import (
    Act,
    ActKind,
    Band,
    Case,
    CaseState,
    Mode,
    NoRoute,
    Route,
    Stage,
    advance,
    check_bands,
    open_case,
    overdue,
    route,
    route_from_json,
    route_to_json,
)
from contracts.values.money import Money

SMALL = Route((Stage(Mode.ALL_OF, ("manager",)),))
LARGE = Route((Stage(Mode.ANY_OF, ("manager", "finance")), Stage(Mode.ALL_OF, ("owner",))))
BANDS = (
    Band("minimum_shipment", 5_000_00, LARGE),
    Band("minimum_shipment", 0, SMALL),
    Band("credit", 0, LARGE),
)
SINCE = datetime(2026, 9, 30, 10, 0, tzinfo=UTC)


@pytest.mark.row("D09")
@pytest.mark.parametrize(
    ("type", "size_fen", "expected"),
    [
        ("minimum_shipment", 0, SMALL),
        ("minimum_shipment", 4_999_99, SMALL),
        ("minimum_shipment", 5_000_00, LARGE),
        ("credit", 1, LARGE),
    ],
)
def test_the_chain_goes_by_type_and_size(type: str, size_fen: int, expected: Route) -> None:
    assert route(type, size_fen, BANDS) == expected


def test_a_request_without_approvers_is_never_let_through() -> None:
    with pytest.raises(NoRoute):
        route("price", 1, BANDS)
    with pytest.raises(ValueError, match="negative"):
        route("credit", -1, BANDS)


def test_holes_in_the_table_of_approvers_are_found() -> None:
    bands = (Band("credit", 100, SMALL), Band("credit", 100, LARGE))

    found = [(finding.code, finding.subject) for finding in check_bands(bands, ["credit", "price"])]

    assert found == [
        ("approval.band_gap", "credit"),
        ("approval.band_twice", "credit"),
        ("approval.no_band", "price"),
    ]
    assert check_bands(BANDS, ["credit", "minimum_shipment"]) == []
    assert check_bands(bands, ["credit"])[0].facts["lower"] == Money.from_fen(100)


def test_a_stored_route_comes_back_as_it_was() -> None:
    assert route_from_json(route_to_json(LARGE)) == LARGE
    with pytest.raises(ValueError, match="role"):
        route_from_json([{"mode": "all_of", "roles": "manager"}])
    with pytest.raises(ValueError, match="best_of"):
        route_from_json([{"mode": "best_of", "roles": ["manager"]}])


def pending() -> Case:
    case = advance(open_case(SMALL, 1), Act(1, "rep", ActKind.SUBMIT))
    assert isinstance(case, Case)
    return case


@pytest.mark.row("D09")
@pytest.mark.parametrize(
    ("waited", "number"),
    [
        (timedelta(0), 0),
        (timedelta(hours=47, minutes=59), 0),
        (timedelta(hours=48), 1),
        (timedelta(hours=95, minutes=59), 1),
        (timedelta(hours=96), 2),
        (timedelta(hours=-5), 0),
    ],
)
def test_after_48_idle_hours_there_is_a_reminder_and_an_escalation(
    waited: timedelta, number: int
) -> None:
    decision = overdue(pending(), SINCE, SINCE + waited)

    assert (decision.remind, decision.escalate, decision.number) == (number > 0, number > 0, number)
    assert [seat.role for seat in decision.waiting_for] == ["manager"]


@pytest.mark.parametrize("state", [state for state in CaseState if state is not CaseState.PENDING])
def test_only_a_pending_case_is_reminded_of(state: CaseState) -> None:
    decision = overdue(replace(pending(), state=state), SINCE, SINCE + timedelta(days=30))

    assert (decision.remind, decision.escalate, decision.waiting_for) == (False, False, ())


def test_the_idle_span_and_the_instants_must_make_sense() -> None:
    with pytest.raises(ValueError, match="time zone"):
        overdue(pending(), SINCE.replace(tzinfo=None), SINCE)
    with pytest.raises(ValueError, match="positive"):
        overdue(pending(), SINCE, SINCE, hours=0)
