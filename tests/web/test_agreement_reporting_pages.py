"""What an agreement says of inventory reports: typed, kept, printed, compared, and scored by."""

from __future__ import annotations

import pytest

from channel.demo.cast import BOOK
from contracts import agreement as terms_of
from contracts.reporting import WEIGHTS, Reporting, Tolerance
from tests.web.test_agreement_pages import a_form, newest

pytestmark = pytest.mark.database

TYPED = {
    "report_soft_units": "2",
    "report_soft_bp": "1.25",
    "report_hard_units": "40",
    "report_hard_bp": "",
    "report_transit_days": "9",
    "weight_on_time": "60",
    "weight_batch": "0",
}


@pytest.mark.row("E14", "F02")
def test_the_clause_on_reports_is_typed_kept_and_shown_again(world, sign_in):
    cm = sign_in("cm")
    cm.post("/agreements/new", a_form(world, price_book=BOOK, **TYPED))
    kept = terms_of.from_json(newest().terms).reporting
    assert kept == Reporting(
        Tolerance(2, 125), Tolerance(40, 2_000), 9, {**WEIGHTS, "on_time": 60, "batch": 0}
    )
    assert kept.full == 130
    form = cm.get(f"/agreements/{newest().id}/edit").text
    for value in ('value="1.25"', 'value="60"', 'value="9"'):
        assert value in form
    page = cm.get(f"/agreements/{newest().id}").text
    assert "视为相符；超过 40 个基本单位或 20 %" in page
    assert "报表质量评分满分 130 分：按时 60" in page


@pytest.mark.row("E14")
def test_left_blank_the_houses_figures_hold(world, sign_in):
    sign_in("cm").post("/agreements/new", a_form(world, price_book=BOOK))
    assert terms_of.from_json(newest().terms).reporting == Reporting()


@pytest.mark.row("E14")
def test_a_score_without_any_weight_is_refused(world, sign_in):
    none = {f"weight_{part}": "0" for part in WEIGHTS}
    page = sign_in("cm").post("/agreements/new", a_form(world, price_book=BOOK, **none), status=422)
    assert "评分至少有一项权重须大于 0。" in page.text
