"""A whole bundle is paid by its own policy and by no other, unless that is allowed."""

from __future__ import annotations

from datetime import date

import pytest

from channel.queries import rebates_rows
from contracts.rebates.model import BundlePart
from tests.services.rebate_trade import (
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 10)
SET = tuple(BundlePart(product) for product in ("A", "B", "N"))


def a_bundle(world, **changes):
    terms = some_terms("SET", (("0", "2"),), bundle=SET, **changes)
    return an_approved_policy(world, terms)


def paid(run) -> dict[str, tuple[int, int]]:
    """policy → (base, rebate) in fen."""
    found = {code: the_statement(run, policy_code=code) for code in ("SET", "ALL")}
    return {code: (s.base_fen, s.amount_fen) for code, s in found.items()}


def bought(world, *goods: str) -> None:
    amounts = {"A": "10000", "B": "6000", "N": "4000"}
    an_invoice(world, "D1", AUGUST, *((good, amounts[good]) for good in goods))


@pytest.mark.row("M02")
def test_a_bundle_is_not_stacked_with_the_scale_on_everything(world):
    an_approved_policy(world, some_terms("ALL"))
    a_bundle(world)
    bought(world, "A", "B", "N")
    bought(world, "A")
    # 20,000 × 2 % for the set; the scale sees the 10,000 that are in no set.
    assert paid(a_posted_run(world)) == {"SET": (20_000_00, 400_00), "ALL": (10_000_00, 100_00)}


@pytest.mark.row("M02")
def test_a_part_less_and_the_saving_is_gone(world):
    an_approved_policy(world, some_terms("ALL"))
    a_bundle(world)
    bought(world, "A", "B", "N")
    bought(world, "A", "B")
    assert paid(a_posted_run(world)) == {"SET": (20_000_00, 400_00), "ALL": (16_000_00, 160_00)}


@pytest.mark.row("M02")
@pytest.mark.parametrize("side", ["allowed by the bundle", "reduced by it"])
def test_both_pay_where_that_is_allowed(world, side):
    if side == "allowed by the bundle":
        an_approved_policy(world, some_terms("ALL"))
        a_bundle(world, stacks_with=frozenset({"ALL"}))
        want = (20_000_00, 200_00)
    else:
        a_bundle(world)
        an_approved_policy(world, some_terms("ALL", reduced_by=frozenset({"SET"})))
        want = (20_000_00, 196_00)  # 1 % of what the set's 400.00 leave
    bought(world, "A", "B", "N")
    assert paid(a_posted_run(world)) == {"SET": (20_000_00, 400_00), "ALL": want}


@pytest.mark.row("M02", "E04")
def test_a_bundle_that_is_approved_later_changes_no_statement(world):
    an_approved_policy(world, some_terms("ALL"))
    bought(world, "A", "B", "N")
    run = a_posted_run(world, on=date(2026, 11, 2))
    a_bundle(world)
    statement = the_statement(run, policy_code="ALL")
    assert statement.base_fen == 20_000_00
    assert rebates_rows.recount(statement).agrees
