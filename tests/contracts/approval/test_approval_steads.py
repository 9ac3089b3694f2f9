"""Absence: a delegate signs in another's stead, and a handed-over seat is never a dead end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.approval import (
    Act,
    ActKind,
    Band,
    Case,
    CaseState,
    Mode,
    Route,
    Stage,
    acts_open_to,
    advance,
    check_bands,
    open_case,
    refusals,
    route,
)

REQUESTER, CM, CM2, FIN, BOSS = 1, 2, 3, 4, 5
TWO_DESKS = Route((Stage(Mode.ALL_OF, ("cm", "fin")),))


def pending(path: Route = TWO_DESKS) -> Case:
    case = advance(open_case(path, REQUESTER), Act(REQUESTER, "rep", ActKind.SUBMIT))
    assert isinstance(case, Case)
    return case


def codes(case: Case, act: Act) -> list[str]:
    return [f.code for f in refusals(case, act)]


@pytest.mark.row("D09")
def test_a_delegate_signs_the_absent_persons_seat_and_it_shows():
    act = Act(BOSS, "cm", ActKind.APPROVE, in_stead_of=CM)
    case = advance(pending(), act)
    assert isinstance(case, Case)
    [signed] = [seat for seat in case.seats if seat.verdict]
    assert (signed.role, signed.acting_person, signed.in_stead_of) == ("cm", BOSS, CM)
    assert case.state is CaseState.PENDING


@pytest.mark.row("D09")
def test_one_person_never_signs_two_seats_by_delegation_either():
    own = advance(pending(), Act(FIN, "fin", ActKind.APPROVE))
    assert isinstance(own, Case)
    for_cm = Act(FIN, "cm", ActKind.APPROVE, in_stead_of=CM)
    assert codes(own, for_cm) == ["approval.already_signed"]
    by_delegate = advance(pending(), Act(BOSS, "cm", ActKind.APPROVE, in_stead_of=CM))
    assert isinstance(by_delegate, Case)
    # The absent person has signed by the delegate's hand, and the delegate too.
    assert codes(by_delegate, Act(CM, "cm", ActKind.APPROVE)) == ["approval.already_signed"]
    assert codes(by_delegate, Act(BOSS, "fin", ActKind.APPROVE, in_stead_of=FIN)) == [
        "approval.already_signed"
    ]


@pytest.mark.row("D09")
def test_never_on_own_requests_neither_the_delegate_nor_for_the_requester():
    assert codes(pending(), Act(REQUESTER, "cm", ActKind.APPROVE, in_stead_of=CM)) == [
        "approval.own_request"
    ]
    assert codes(pending(), Act(BOSS, "cm", ActKind.APPROVE, in_stead_of=REQUESTER)) == [
        "approval.own_request"
    ]
    assert codes(pending(), Act(BOSS, "rep", ActKind.WITHDRAW, in_stead_of=REQUESTER)) == [
        "approval.not_yours"
    ]


@pytest.mark.row("D09")
def test_a_seat_handed_to_somebody_who_is_away_is_open_to_the_role_again():
    handed = advance(pending(), Act(CM, "cm", ActKind.REASSIGN, to_person=CM2))
    assert isinstance(handed, Case)
    assert codes(handed, Act(CM, "cm", ActKind.APPROVE)) == ["approval.not_yours"]
    gone = replace(handed, away=frozenset({CM2}))
    assert codes(gone, Act(CM, "cm", ActKind.APPROVE)) == []
    assert codes(gone, Act(BOSS, "owner", ActKind.APPROVE)) == ["approval.wrong_role"]
    for_cm2 = Act(BOSS, "cm", ActKind.APPROVE, in_stead_of=CM2)
    assert codes(handed, for_cm2) == []


@pytest.mark.row("D09")
def test_the_page_offers_a_delegate_the_same_buttons():
    assert ActKind.APPROVE not in acts_open_to(pending(), BOSS, ("owner",))
    assert ActKind.APPROVE in acts_open_to(pending(), BOSS, ("owner",), [(CM, "cm")])


@pytest.mark.row("D09")
def test_bands_of_a_class_go_before_those_of_all():
    one, two = Route((Stage(Mode.ANY_OF, ("cm",)),)), TWO_DESKS
    bands = [Band("credit", 0, one), Band("credit", 0, two, "C"), Band("credit", 500, one, "C")]
    assert route("credit", 100, bands) == one
    assert route("credit", 100, bands, "A") == one
    assert route("credit", 499, bands, "C") == two
    assert route("credit", 500, bands, "C") == one
    assert check_bands(bands, ["credit"]) == []
    holes = [Band("credit", 0, two, "C"), Band("credit", 9, one, "B")]
    assert {f.code for f in check_bands(holes, ["credit"])} == {
        "approval.no_band",
        "approval.band_gap",
    }
