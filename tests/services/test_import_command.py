"""`bin/weir import`: what it prints, what it leaves behind, and how it answers to nonsense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from channel.cli_import import import_command
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, Receipt
from channel.models.uploads import Upload
from tests.services.import_files import all_rows, one

HEADS = "InvoiceID,Day,Customer,Kind\n55,2026-08-02,D1,1\n56,2026-08-03,D2,1\n,2026-08-04,D2,3\n"
LINES = "InvoiceLineID,InvoiceID,Item,Qty,Net,Tax\n1,55,A,2,200.0000,26\n2,56,B,1,100,13\n"
JOIN = "InvoiceID=heads.csv:InvoiceID->Day,Customer"
MAPS = ("--map", "date=Day", "--map", "distributor=Customer", "--map", "product=Item",
        "--map", "net_amount=Net", "--currency", "CNY")  # fmt: skip


@pytest.fixture
def run(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """run("invoices", "lines.csv", …) in a folder with two files."""
    monkeypatch.chdir(tmp_path)
    Path("heads.csv").write_text(HEADS)
    Path("lines.csv").write_text(LINES)

    def typed(*arguments: str) -> Result:
        return CliRunner().invoke(import_command, arguments, catch_exceptions=False)

    return typed


@pytest.mark.row("P09")
def test_lines_find_date_and_debtor_in_a_second_file(run: Any) -> None:
    result = run("invoices", "lines.csv", "--join", JOIN, *MAPS)
    assert result.exit_code == 0, result.output
    assert "2 new, 0 changed, 0 same (2 rows)" in result.output
    assert "CNY  2  339.00" in result.output
    assert set(db.session.scalars(sa.select(Invoice.number))) == {"55", "56"}
    kept = db.session.execute(sa.select(Upload.kind, Upload.filename)).all()
    assert set(kept) == {("lookup", "heads.csv"), ("invoices", "lines.csv")}
    before = all_rows()
    again = run("invoices", "lines.csv", "--join", JOIN, *MAPS)
    assert again.exit_code == 0
    assert "Nothing to do" in again.output
    assert all_rows() == before


@pytest.mark.row("P09")
def test_a_line_without_its_head_refuses_the_file(run: Any) -> None:
    Path("lines.csv").write_text(LINES + "3,57,A,1,1,0\n")
    before = all_rows()
    result = run("invoices", "lines.csv", "--join", JOIN, *MAPS)
    assert result.exit_code == 1
    assert "Row 4 of lines.csv: InvoiceID 57 is not in heads.csv" in result.output
    assert "Refused: nothing was saved." in result.output
    assert all_rows() == before


@pytest.mark.row("P09")
def test_findings_are_sentences_in_the_asked_language(run: Any) -> None:
    Path("lines.csv").write_text(LINES.replace("55,A", "55,Z"))
    arguments = ("invoices", "lines.csv", "--join", JOIN, *MAPS)
    english = run(*arguments).output
    assert "Stop · lines.csv: Row 2, column Item, “Z”: this product is not known." in english
    chinese = run(*arguments, "--lang", "zh").output
    assert "系统中没有该产品" in chinese
    assert "已拒绝" in chinese


def test_rows_signs_and_words_are_chosen_by_options(run: Any) -> None:
    Path("ledger.csv").write_text(
        "No,Day,Who,Sum,Money,Type\n1,05/06/2026,D1,-10.00,yuan,3\n2,05/06/2026,D1,99.00,yuan,1\n"
    )
    result = run(
        "receipts", "ledger.csv", "--map", "document=No", "--map", "date=Day", "--map",
        "distributor=Who", "--map", "amount=Sum", "--map", "currency=Money", "--only", "Type=3",
        "--negate", "amount", "--translate", "currency:yuan=CNY", "--date-order", "date=dmy",
        "--filled", "Who", "--as", "fin@weir.example",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    receipt = one(sa.select(Receipt))
    assert (receipt.received_on.isoformat(), receipt.amount_fen) == ("2026-06-05", 1_000)
    entry = one(sa.select(AuditEntry).where(AuditEntry.tag == "receipt:import"))
    assert entry.actor_name == "方芳"


@pytest.mark.row("P01")
def test_who_acts_needs_the_right(run: Any) -> None:
    result = run("invoices", "lines.csv", "--join", JOIN, *MAPS, "--as", "admin@weir.example")
    assert result.exit_code == 1
    assert "invoices:write" in result.output
    assert run("invoices", "lines.csv", "--as", "nobody@weir.example").exit_code == 2


def test_a_dry_run_counts_and_saves_nothing(run: Any) -> None:
    before = all_rows()
    result = run("invoices", "lines.csv", "--join", JOIN, *MAPS, "--dry-run")
    assert result.exit_code == 0
    assert "2 new" in result.output
    assert "nothing was saved" in result.output
    assert all_rows() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("invoices", "lines.csv", "--map", "colour=Qty"), "no field 'colour'"),
        (("invoices", "lines.csv", "--map", "Qty"), "--map wants FIELD=VALUE"),
        (("invoices", "lines.csv", "--join", "InvoiceID=heads.csv"), "--join wants"),
        (("invoices", "lines.csv", "--join", "A=none.csv:B->C"), "there is no file none.csv"),
        (("invoices", "lines.csv", "--translate", "currency=USD"), "--translate wants"),
        (("colours", "lines.csv"), "colours"),
        (("invoices", "none.csv"), "none.csv"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(
    run: Any, arguments: tuple[str, ...], said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--map", "quantity=Menge"), "no column Menge"),
        (("--only", "Colour=red"), "no column Colour"),
        (("--join", "InvoiceID=heads.csv:InvoiceID->Colour"), "no column Colour"),
        (("--join", "Colour=heads.csv:InvoiceID->Day"), "no column Colour"),
    ],
)
def test_columns_that_are_not_there_refuse_the_file(
    run: Any, options: tuple[str, ...], said: str
) -> None:
    result = run("invoices", "lines.csv", *options)
    assert result.exit_code == 1
    assert said in result.output


def test_a_column_given_by_name_wins_over_a_title_that_fits(run: Any) -> None:
    Path("firms.csv").write_text("code,name,Second name\nD8,first,second\n")
    result = run("distributors", "firms.csv", "--map", "name=Second name", "--set", "kind=foreign")
    assert result.exit_code == 0, result.output
    assert one(sa.select(Distributor.name).where(Distributor.code == "D8")) == "second"
