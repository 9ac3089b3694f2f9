"""The tree of divisions and the record of each, fetched as the people who use them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel.db import db
from channel.models.territories import Division
from channel.queries import territories as reads


def row_id(code: str) -> int:
    return db.session.scalars(
        db.select(Division.id).where(Division.code == code).order_by(Division.valid_from.desc())
    ).first()  # type: ignore[return-value]


@pytest.mark.row("G05")
def test_the_tree_counts_what_is_held(world: Any, sign_in: Any) -> None:
    page = sign_in("cm").get("/territories")
    assert "地级 21 个，已授权 3 个" in page.text
    page = sign_in("cm").get("/territories?at=511000")
    assert "D1 内江" in page.text
    assert "D2 隆昌" in page.text
    assert page.text.count("<details open") == 2


def test_the_tree_of_an_earlier_day(world: Any, sign_in: Any) -> None:
    page = sign_in("cm").get("/territories?at=511000&on=2016-05-31")
    assert "隆昌县" in page.text
    assert "隆昌市" not in page.text
    assert "D1" not in page.text
    # A date that cannot be read is today.
    assert "隆昌市" in sign_in("cm").get("/territories?at=511000&on=yesterday").text


def test_a_branch_is_fetched_alone(world: Any, sign_in: Any) -> None:
    response = sign_in("cm").get("/territories?at=511000", headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert "511083" in response.text
    assert "510100" not in response.text


def test_search_and_suggestions(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    found = cm.get("/territories?q=隆昌").text
    assert "511028 隆昌县" in found
    assert "D2 隆昌" in found
    assert "D1 内江" not in found
    assert "没有此名称或代码的区划" in cm.get("/territories?q=亚特兰蒂斯").text
    options = cm.get("/territories/suggest?division_code=隆昌").text
    assert 'value="511083 隆昌市"' in options
    assert "511028" not in options
    assert cm.get("/territories/suggest?division_code=").text == ""


def test_a_record_tells_names_over_time_holders_and_parts(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    county = cm.get(f"/territories/{row_id('511083')}").text
    assert "511028 隆昌县" in county
    assert "CX-2026-D2" in county
    prefecture = cm.get(f"/territories/{row_id('511000')}").text
    assert "资中县" in prefecture
    # What has ended is shown as on its last day, when nobody held it.
    former = db.session.scalars(db.select(Division.id).where(Division.code == "511028")).one()
    assert "2017-05-31" in cm.get(f"/territories/{former}").text
    assert "空白市场" in cm.get(f"/territories/{row_id('510400')}").text


def test_a_recoding_by_form(world: Any, sign_in: Any) -> None:
    cm, path = sign_in("cm"), f"/territories/{row_id('511024')}/version"
    cm.get(path)
    page = cm.post(
        path,
        {"code": "511025", "name": "威远市", "parent_code": "511000", "valid_from": "2026-12-01"},
        status=422,
    )
    assert "代码 511025" in page.text
    assert 'value="威远市"' in page.text
    page = cm.follow(
        cm.post(
            path,
            {
                "code": "511084",
                "name": "威远市",
                "parent_code": "511000 内江市",
                "valid_from": "2026-12-01",
            },
        )
    )
    assert "511024 威远县" in page.text
    assert reads.names(["511084"], date(2026, 12, 1)) == {"511084": "威远市"}


def test_a_new_division_its_end_and_its_offer(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    assert "511000 内江市" in cm.get("/territories/new?parent=511000").text
    cm.post(
        "/territories/new",
        {
            "code": "511085",
            "name": "新城区",
            "level": "county",
            "parent_code": "511000",
            "valid_from": "2026-01-01",
        },
    )
    new = row_id("511085")
    assert not db.session.get_one(Division, new).is_selectable
    cm.post(f"/territories/{new}/offer", {"offer": "1"})
    assert db.session.get_one(Division, new, populate_existing=True).is_selectable
    cm.get(f"/territories/{new}/end")
    cm.post(f"/territories/{new}/end", {"valid_to": "2026-06-01"})
    assert not reads.is_known("511085", date(2026, 11, 21))
    page = cm.post(f"/territories/{new}/end", {"valid_to": "2026-07-01"}, status=422)
    assert "已于 2026-06-01 失效" in page.text


@pytest.mark.row("P01")
def test_a_distributor_sees_no_territories_of_others(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    for path in ("/territories", f"/territories/{row_id('511000')}", "/territories/suggest?q=5"):
        d1.get(path, status=403)
    sign_in("auditor").get(f"/territories/{row_id('511000')}/version", status=403)
