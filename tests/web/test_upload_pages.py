"""Imports in the browser: file, columns, preview, confirmation, and who may do what."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.models.uploads import ColumnMemory, Upload
from channel.services import jobs, uploads
from channel.services.steps.importing.planners import PLANNERS
from channel.tabular.kinds import KINDS
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table
from channel.tabular.writing import open_book
from tests.guarded_client import GuardedClient

SignIn = Callable[[str], GuardedClient]
FIRMS = "经销商编码,经销商名称,主体类型\nD8,新津商贸,境外\nD1,内江蜀味商贸有限公司,公司\n"
OPEN = "发票号,开票日期,到期日,经销商编码,未收金额,币种\n"


def hand_in(
    client: GuardedClient, kind: str, text: str, name: str = "file.csv", **more: str
) -> Any:
    data = {"kind": kind, "file": (io.BytesIO(text.encode()), name), **more}
    return client.post("/imports/new", data, content_type="multipart/form-data")


def the_upload() -> Upload:
    db.session.rollback()
    return db.session.scalars(sa.select(Upload).order_by(Upload.id.desc())).first()


@pytest.mark.row("P09")
def test_a_file_is_handed_in_looked_at_and_confirmed(world: Any, sign_in: SignIn) -> None:
    client = sign_in("admin")
    client.get("/imports")
    client.get("/imports/new?kind=distributors")
    page = client.follow(hand_in(client, "distributors", FIRMS))
    assert "导入：新增 1，变更 0" in page.text
    assert db.session.scalar(sa.select(Distributor.id).where(Distributor.code == "D8")) is None
    upload = the_upload()
    done = client.post(f"/imports/{upload.id}/confirm", {"seen_version": upload.row_version})
    client.follow(done)
    db.session.rollback()
    assert db.session.scalar(sa.select(Distributor.name).where(Distributor.code == "D8"))
    client.get("/imports?state=confirmed")
    client.get("/imports?format=csv")
    assert client.get(f"/imports/{upload.id}/file").data == FIRMS.encode()


@pytest.mark.row("P09")
def test_the_same_file_again_is_recognised(world: Any, sign_in: SignIn) -> None:
    client = sign_in("admin")
    first = hand_in(client, "distributors", FIRMS)
    again = hand_in(client, "distributors", FIRMS)
    assert again.location == first.location
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 1


@pytest.mark.row("P09")
def test_columns_are_named_once_and_remembered(world: Any, sign_in: SignIn) -> None:
    client = sign_in("fin")
    text = "票号,日子,期限,店,欠,钱\nI1,05/06/2026,06/07/2026,D1,100.00,人\n"
    page = client.follow(hand_in(client, "opening_balances", text))
    assert 'name="column-document"' in page.text
    upload = the_upload()
    wanted = {
        "column-distributor": "店", "column-document": "票号", "column-date": "日子",
        "column-due_date": "期限", "column-open_amount": "欠", "column-currency": "钱",
    }  # fmt: skip
    path = f"/imports/{upload.id}/columns"
    looked = client.follow(
        client.post(path, {**wanted, "act": "look", "seen_version": upload.row_version})
    )
    # Both dates can be read both ways, and «人» is no currency: the page asks for just that.
    assert 'name="order-date"' in looked.text
    assert 'name="word-currency-0"' in looked.text
    wanted |= {"order-date": "dmy", "order-due_date": "dmy", "said-currency-0": "人",
               "word-currency-0": "CNY", "seen_version": the_upload().row_version}  # fmt: skip
    client.follow(client.post(path, wanted))
    upload = the_upload()
    assert (upload.state, upload.summary["new"]) == ("checked", 1)
    client.follow(
        client.post(f"/imports/{upload.id}/confirm", {"seen_version": upload.row_version})
    )
    db.session.rollback()
    item = db.session.scalars(sa.select(Invoice)).one()
    assert (item.due_date.isoformat(), item.gross_fen) == ("2026-07-06", 10_000)
    learned = dict(db.session.execute(sa.select(ColumnMemory.label, ColumnMemory.field)).all())
    assert learned["欠"] == "open_amount"
    more = text.replace("I1", "I2").replace("人", "CNY").replace("05/06", "15/06")
    client.follow(hand_in(client, "opening_balances", more, date_order="dmy"))
    assert (the_upload().state, the_upload().summary["new"]) == ("checked", 1)


def test_findings_come_first_and_nothing_can_be_confirmed(world: Any, sign_in: SignIn) -> None:
    client = sign_in("fin")
    text = OPEN + "I1,2026-06-01,2026-07-01,D9,100,CNY\nI2,2026-06-01,soon,D1,1,CNY\n"
    page = client.follow(hand_in(client, "opening_balances", text))
    assert "D9" in page.text
    assert "soon" in page.text
    upload = the_upload()
    assert f"/imports/{upload.id}/confirm" not in page.text
    client.post(f"/imports/{upload.id}/confirm", {"seen_version": upload.row_version})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Invoice)) == 0
    client.post(f"/imports/{upload.id}/discard", {"reason": "falsch", "seen_version": ""})
    assert the_upload().state == "refused"
    assert "D9" in client.get(f"/imports/{upload.id}").text


def test_an_unreadable_file_is_refused_with_a_sentence(world: Any, sign_in: SignIn) -> None:
    client = sign_in("admin")
    data = {"kind": "products", "file": (io.BytesIO(b"%PDF-1.4"), "list.pdf")}
    page = client.post("/imports/new", data, 422, content_type="multipart/form-data")
    assert "list.pdf" in page.text
    client.post("/imports/new", {"kind": "products"}, 422)
    assert the_upload() is None


@pytest.mark.row("P09")
def test_a_large_file_is_worked_on_as_a_job(
    world: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE_BYTES", 10)
    client = sign_in("admin")
    response = hand_in(client, "distributors", FIRMS)
    assert "/jobs/" in response.location
    client.follow(response)
    assert jobs.run_next()
    client.get(response.location)
    upload = the_upload()
    assert upload.state == "checked"
    response = client.post(f"/imports/{upload.id}/confirm", {"seen_version": upload.row_version})
    assert jobs.run_next()
    client.get(response.location)
    assert the_upload().state == "confirmed"


@pytest.mark.row("P01")
@pytest.mark.parametrize(
    ("user", "kind", "allowed"),
    [("admin", "distributors", True), ("admin", "receipts", False), ("fin", "receipts", True),
     ("fin", "products", False), ("cm", "products", True), ("cm", "invoices", False)],
)  # fmt: skip
def test_who_may_not_write_such_records_may_not_import_them(
    world: Any, sign_in: SignIn, user: str, kind: str, allowed: bool
) -> None:
    client = sign_in(user)
    page = client.get("/imports/new").text
    assert (f'value="{kind}"' in page) is allowed


@pytest.mark.row("P01")
@pytest.mark.parametrize("user", ["d1", "rep", "auditor"])
def test_others_see_no_imports(world: Any, sign_in: SignIn, user: str) -> None:
    hand_in(sign_in("admin"), "distributors", FIRMS)
    upload = the_upload()
    client = sign_in(user)
    for path in ("/imports", "/imports/new", f"/imports/{upload.id}",
                 f"/imports/{upload.id}/file", f"/imports/{upload.id}/columns"):  # fmt: skip
        client.get(path, 403)


@pytest.mark.row("P09")
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_kind_has_a_template_in_both_languages(
    world: Any, sign_in: SignIn, lang: str
) -> None:
    client = sign_in("admin")
    client.post("/language", {"language": lang, "next": "/"})
    for kind in PLANNERS:
        data = client.get(f"/imports/template/{kind}").data
        header = read_table(data, "t.xlsx").header
        assert propose(header, KINDS[kind].fields).unmapped(header) == ()


def test_two_sheets_and_a_filter(world: Any, sign_in: SignIn) -> None:
    out = io.BytesIO()
    book = open_book(out)
    for name, rows in (
        ("别的", [["甲", "乙"], ["1", "2"]]),
        ("客户", [["编码", "名称", "区"], ["D7", "七", "x"], ["D6", "六", ""]]),
    ):
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                sheet.write_string(i, j, text)
    book.close()
    client = sign_in("admin")
    data = {"kind": "distributors", "file": (io.BytesIO(out.getvalue()), "b.xlsx")}
    client.follow(client.post("/imports/new", data, content_type="multipart/form-data"))
    upload = the_upload()
    path = f"/imports/{upload.id}/columns"
    client.post(path, {"sheet": "客户", "act": "look", "column-code": "甲", "column-name": "乙",
                       "seen_version": upload.row_version})  # fmt: skip
    page = client.get(path).text
    assert "D7" in page
    client.post(path, {"sheet": "客户", "column-code": "编码", "column-name": "名称",
                       "filter-column": "区", "constant-kind": "foreign",
                       "seen_version": the_upload().row_version})  # fmt: skip
    assert the_upload().summary["new"] == 1


@pytest.mark.row("P09")
def test_lines_find_their_heads_in_a_second_file(world: Any, sign_in: SignIn) -> None:
    client = sign_in("fin")
    lines = "InvoiceID,行号,货号,数量,不含税金额,税额\n55,1,A,2,200.00,26\n"
    heads = "InvoiceID,开票日期,到期日,客户,币种\n55,2026-08-02,2026-09-10,D1,CNY\n"
    client.follow(hand_in(client, "invoices", lines))
    upload = the_upload()
    path = f"/imports/{upload.id}"
    sent = {"second": (io.BytesIO(heads.encode()), "heads.csv"), "seen_version": upload.row_version}
    page = client.follow(
        client.post(f"{path}/second", sent, content_type="multipart/form-data")
    ).text
    assert 'name="take" value="开票日期"' in page
    wrong = {"on": "货号", "key": "InvoiceID", "take": ["客户"], "seen_version": ""}
    assert "A" in client.follow(client.post(f"{path}/second/join", wrong)).text
    wanted = {"on": "InvoiceID", "key": "InvoiceID", "take": ["开票日期", "到期日", "客户", "币种"]}
    page = client.follow(client.post(f"{path}/second/join", {**wanted, "seen_version": ""})).text
    assert "heads.csv" in page
    client.get(f"{path}/columns")
    client.post(f"{path}/check")
    db.session.rollback()
    upload = db.session.get_one(Upload, upload.id)
    assert (upload.state, upload.summary["new"]) == ("checked", 1)
    client.post(f"{path}/confirm", {"seen_version": upload.row_version})
    db.session.rollback()
    assert db.session.scalars(sa.select(Invoice.due_date)).one().isoformat() == "2026-09-10"


def test_a_second_file_can_be_taken_away_again(world: Any, sign_in: SignIn) -> None:
    client = sign_in("fin")
    client.follow(hand_in(client, "receipts", "单号,客户\nR1,D1\n"))
    path = f"/imports/{the_upload().id}"
    for name, data in (("b.csv", b"\xe5\x8d\x95\xe5\x8f\xb7,x\nR1,2\n"), ("c.pdf", b"%PDF")):
        sent = {"second": (io.BytesIO(data), name), "seen_version": ""}
        client.post(f"{path}/second", sent, content_type="multipart/form-data")
    client.post(f"{path}/second", {"seen_version": ""})
    assert 'name="take"' in client.get(f"{path}/columns").text
    client.post(f"{path}/second/leave", {"seen_version": ""})
    assert 'name="take"' not in client.get(f"{path}/columns").text
