"""Reports sent by programs: rows and files, once by key and by content, refusals in words."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.stock import InventoryReport
from channel.models.uploads import Upload
from tests.api.test_api import Program, program  # noqa: F401  # a fixture
from tests.tabular.edi_files import x12

pytestmark = pytest.mark.database

ROW = {
    "product": "A",
    "opening": 100,
    "receipts": 200,
    "sell_out": 180,
    "losses": 5,
    "closing": 115,
}


def body(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"distributor": "D1", "period": "2026-10", "rows": list(rows), **more}


def count(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.row("F01", "F09")
def test_rows_are_filed_once_by_key_and_by_content(program: Any, world: Any) -> None:  # noqa: F811
    caller: Program = program("d1")
    sent = body(ROW, external_key="oct-1")
    first = caller.post("/stock-reports", sent, 201)
    assert (first["state"], first["version"], first["rows"]) == ("filed", 1, 1)
    assert caller.post("/stock-reports", sent, 200) == first
    assert caller.post("/stock-reports", body(ROW), 200) == first
    other = body({**ROW, "closing": 116}, external_key="oct-1")
    assert caller.post("/stock-reports", other, 409)["findings"][0]["code"] == "api.key_used"
    assert caller.get(f"/stock-reports/{first['id']}") == first
    assert (count(InventoryReport), count(Upload)) == (1, 1)
    program("d2").get(f"/stock-reports/{first['id']}", 404)
    program("d2").post("/stock-reports", sent, 422)


@pytest.mark.row("F02", "F09")
def test_what_blocks_is_told_and_waits_to_be_mended(program: Any, world: Any) -> None:  # noqa: F811
    caller: Program = program("d1", "en")
    refused = caller.post("/stock-reports", body({**ROW, "closing": 120}), 422)
    (finding,) = refused["findings"]
    assert (finding["code"], finding["facts"]["difference"]) == ("stock.identity", {"str": "+5"})
    assert "+5" in finding["sentence"] and finding["remedy"]
    assert (count(InventoryReport), count(Upload)) == (0, 1)
    blank = caller.post("/stock-reports", body({**ROW, "closing": None}), 422)
    assert [f["code"] for f in blank["findings"]] == ["stock.blank"]


def test_a_file_of_any_kind_is_taken_in_base64(program: Any, world: Any) -> None:  # noqa: F811
    message = x12(
        "852", "XQ*H*20261001*20261031", "LIN*1*VP*A", "ZA*QB*100", "ZA*QR*200", "ZA*QS*180",
        "ZA*QT*-5", "ZA*QE*115",
    )  # fmt: skip
    file = {"name": "oct.x12", "content": base64.b64encode(message).decode()}
    sent = {"distributor": "D1", "period": "2026-10", "file": file}
    caller: Program = program("d1")
    waiting = caller.post("/stock-reports", {**sent, "file_it": False}, 201)
    assert (waiting["state"], waiting["report"]) == ("checked", None)
    assert caller.post("/stock-reports", sent, 200)["state"] == "filed"
    september = {**sent, "period": "2026-09"}
    told = caller.post("/stock-reports", september, 422)
    assert [f["code"] for f in told["findings"]] == ["stock.other_days"]


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"rows": None}, {"rows": [1]}, {"rows": [], "file": {}}, {"file": {"name": "a.csv"}},
        {"file": {"name": "a.csv", "content": "***"}}, {"rows": [{"product": ["A"]}]},
        {"rows": [{"colour": "red"}]}, {"rows": [{"product": "\ud800"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_saves_nothing(
    program: Any, world: Any, wrong: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    caller: Program = program("d1")
    sent = {"distributor": "D1", "period": "2026-10", **wrong}
    g_status = caller.client.post("/api/v1/stock-reports", json=sent, headers=caller.headers)
    assert g_status.status_code in (400, 422)
    assert count(Upload) == 0
