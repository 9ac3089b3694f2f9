"""Drafting a policy in the browser: kinds, rows, checks, conditions, versions in words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from channel.queries import rebates_policies
from channel.services import rebates_policies as service
from channel.web.forms.rebates_kinds import KINDS
from contracts.rebates.model import Method
from tests.services.rebate_trade import an_approved_policy, some_terms

HEAD = {
    "code": "WEB",
    "name": "渠道政策",
    "valid_from": "2027-01-01",
    "period_kind": "quarter",
    "enrols": "all",
}


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands, without its buttons."""
    form = page[page.index('<form method="post" novalidate') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and "__n__" not in name[1]:
            sent[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = [
            tag for tag in re.findall(r"<option[^>]*>", body) if re.search(r"\sselected\b", tag)
        ]
        if "__n__" not in name and chosen:
            sent[name] = [re.search(r'value="([^"]*)"', tag)[1] for tag in chosen]
    return sent


def drafted(cm: Any, kind: str, **changes: Any) -> tuple[dict[str, Any], Any]:
    """The form of a kind as it is shown, filled in and kept; and the answer."""
    page = cm.get(f"/rebates/policies/new?kind={kind}").text
    sent = {**fields_of(page), **HEAD, **changes}
    return sent, cm.post(f"/rebates/policies/new?kind={kind}", sent)


def id_of(response: Any) -> int:
    return int(re.search(r"/(\d+)(?:/|$)", response.location)[1])


def the_terms(world: Any, response: Any) -> Any:
    policy = rebates_policies.get_policy(world.actor("cm"), id_of(response))
    return rebates_policies.terms_of(policy)


@pytest.mark.row("E01", "E02", "E03", "E14", "E16", "M01", "M02")
@pytest.mark.parametrize("code", KINDS)
def test_every_kind_becomes_the_terms_it_showed(world, sign_in, code):
    """What the form shows and what is kept from it are one; the draft is read aloud."""
    cm = sign_in("cm")
    more = {"part-0-product": "A", "part-1-product": "B", "part-1-quantity": "2"}
    _sent, kept = drafted(cm, code, **(more if code == "bundle" else {}))
    terms = the_terms(world, kept)
    wished = KINDS[code].terms
    for name in ("method", "gauge", "pays", "tiers", "conditions", "base", "each", "new_days"):
        assert getattr(terms, name) == getattr(wished, name), name
    assert (terms.qualify_fen, terms.guarantee_fen) == (wished.qualify_fen, wished.guarantee_fen)
    assert [f for f in service.check(service.Draft(terms, date(2027, 1, 1))) if f.is_blocking] == []
    text = cm.follow(kept).text
    assert "举例：" in text
    assert "%(" not in text
    cm.client.set_cookie("weir_lang", "en")
    assert "Example: " in cm.follow(kept).text


@pytest.mark.row("E01")
def test_the_kinds_are_offered_by_name(world, sign_in):
    text = sign_in("cm").get("/rebates/policies/new").text
    for code in KINDS:
        assert f"/rebates/policies/new?kind={code}" in text
    assert "增长返利（超额部分）" in text


@pytest.mark.row("E03", "E14")
def test_a_usual_condition_is_added_by_its_button_and_nothing_typed_is_lost(world, sign_in):
    cm = sign_in("cm")
    sent = {**fields_of(cm.get("/rebates/policies/new?kind=segment").text), **HEAD}
    sent["tier-0-rate"] = "1.25"
    page = cm.post(
        "/rebates/policies/new?kind=segment", {**sent, "act": "ready:collection"}, status=200
    ).text
    assert 'value="1.25"' in page
    assert "0: 100; 16: 80; 31: 0" in page
    assert "16 天 起、不足 31 天：返利的 80 %" in page
    page = cm.post(
        "/rebates/policies/new", {**fields_of(page), "act": "ready:diversion"}, status=200
    ).text
    kept = cm.post("/rebates/policies/new", fields_of(page))
    assert [c.kind for c in the_terms(world, kept).conditions] == ["collection", "diversion"]


@pytest.mark.row("E03")
def test_steps_are_typed_as_value_and_percent(world, sign_in):
    cm = sign_in("cm")
    full_width = {"cond-0-kind": "collection", "cond-0-steps": "0：100；16：80 ；31：0"}
    _sent, kept = drafted(cm, "segment", **full_width)
    [condition] = the_terms(world, kept).conditions
    assert [(str(s.lower), str(s.factor)) for s in condition.steps] == [
        ("0", "100 %"),
        ("16", "80 %"),
        ("31", "0 %"),
    ]
    wrong = {**HEAD, "code": "W2", "tier-0-lower": "0", "tier-0-rate": "1"}
    for steps, says in (("16", "16"), ("0: all", "all"), ("many: 5", "many")):
        row = {"cond-0-kind": "report", "cond-0-steps": steps}
        text = cm.post("/rebates/policies/new", {**wrong, **row}, status=422).text
        assert "第 1 个条件" in text
        assert f"“{says}”" in text
        assert f'value="{steps}"' in text


@pytest.mark.row("E01")
def test_check_reads_aloud_without_keeping(world, sign_in):
    cm = sign_in("cm")
    sent = {
        **HEAD,
        "method": "on the excess",
        "tier-0-lower": "0",
        "tier-0-rate": "1",
        "act": "check",
    }
    text = cm.post("/rebates/policies/new", sent, status=200).text
    assert "“超额部分”需要有比较对象" in text
    text = cm.post("/rebates/policies/new", {**sent, "gauge": "growth"}, status=200).text
    assert "仅对超过基数的部分" in text
    assert rebates_policies.versions("WEB") == []


@pytest.mark.row("M02")
def test_another_policy_on_the_same_lines_is_named(world, sign_in):
    an_approved_policy(world)
    cm = sign_in("cm")
    _sent, kept = drafted(cm, "whole")
    assert "也在 P1、QTR 下返利" in cm.follow(kept).text
    text = cm.get(f"/rebates/policies/{id_of(kept)}/edit").text
    named = {**fields_of(text), "reduced_by": ["P1"], "not_with": ["QTR"]}
    kept = cm.post(f"/rebates/policies/{id_of(kept)}/edit", named)
    text = cm.follow(kept).text
    assert "也在" not in text
    assert "先从基数中扣除：P1" in text
    assert "不再计入：QTR" in text


@pytest.mark.row("E01")
def test_an_amount_in_a_table_of_rates_is_asked_for_in_the_right_column(world, sign_in):
    cm = sign_in("cm")
    sent = {**HEAD, "method": "lump sum", "pays": "amount", "gauge": "orders", "tier-0-lower": "5"}
    text = cm.post("/rebates/policies/new", {**sent, "tier-0-rate": "3"}, status=422).text
    assert "请同时填写起点和金额" in text
    assert 'name="tier-0-amount"' in text
    kept = cm.post("/rebates/policies/new", {**sent, "tier-0-amount": "300"})
    text = cm.follow(kept).text
    assert "满 5 单 及以上：¥300.00。" in text
    assert "起始（订单次数）" in text


@pytest.mark.row("E01")
def test_two_versions_are_compared_in_words(world, sign_in):
    policy = an_approved_policy(world)
    draft = service.revise(world.actor("cm"), policy)
    changed = some_terms(steps=(("0", "1"), ("100000", "2.5")), method=Method.SEGMENT)
    service.save_policy(world.actor("cm"), draft, service.Draft(changed, date(2027, 1, 1), "all"))
    text = sign_in("cm").get(f"/rebates/policies/{draft}").text
    changes = text[text.index('id="changes"') :]
    changes = changes[: changes.index("</section>")]
    gone = re.findall(r"<del>(.*?)</del>", changes)
    come = re.findall(r"<ins>(.*?)</ins>", changes)
    assert any("全额返利" in each for each in gone)
    assert any("分段返利" in each for each in come)
    assert "满 ¥100,000.00 及以上：2.5 %。" in come
    assert not any("退货" in each for each in (*gone, *come))
    other = sign_in("cm").get(f"/rebates/policies/{policy}?against=2").text
    assert "与第 2 版相比" in other


@pytest.mark.row("P01")
@pytest.mark.parametrize("user", ["rep", "auditor", "d1"])
def test_only_who_may_write_drafts_policies(world, sign_in, user):
    client = sign_in(user)
    client.get("/rebates/policies/new", status=403)
    client.get("/rebates/policies/new?kind=lump", status=403)


def test_places_are_codes_of_six_digits(world, sign_in):
    cm = sign_in("cm")
    _sent, kept = drafted(cm, "whole", territories="511000、511083", territories_out="511028")
    terms = the_terms(world, kept)
    assert terms.territories == {"511000", "511083"}
    sent = {**HEAD, "code": "W3", "territories": "内江"}
    assert "“内江”" in cm.post("/rebates/policies/new", sent, status=422).text
