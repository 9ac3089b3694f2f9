"""Credit notes by file that name the invoice whose goods came back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import returns as reads
from tests.builders import delivered
from tests.services.import_files import counts, imported, one, refused

pytestmark = pytest.mark.database

HEAD = "发票号,行号,单据类型,开票日期,经销商编码,产品编码,数量,不含税金额,税额,币种,冲销发票号\n"
SOLD = (
    "B1,1,发票,2026-08-02,D1,A,10,1000,130,CNY,\n"
    "B1,2,发票,2026-08-02,D1,A,4,400,52,CNY,\n"
    "B1,3,发票,2026-08-02,D1,B,5,1000,130,CNY,\n"
)


def lines_of(number: str) -> list[InvoiceLine]:
    return list(
        db.session.scalars(
            sa.select(InvoiceLine)
            .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
            .where(Invoice.number == number)
            .order_by(InvoiceLine.line_no)
        )
    )


@pytest.mark.row("E04")
def test_a_credit_note_of_a_file_counts_on_the_day_of_the_sale(world: Any) -> None:
    assert counts(imported("invoices", HEAD + SOLD)) == (1, 0, 0)
    back = (
        "R1,1,红字发票,2026-10-09,D1,A,-6,-600,-78,CNY,B1\n"
        "R1,2,红字发票,2026-10-09,D1,A,-4,-400,-52,CNY,B1\n"
        "R2,1,红字发票,2026-10-10,D1,B,-1,-200,-26,CNY,\n"
    )
    assert counts(imported("invoices", HEAD + back)) == (2, 0, 0)
    sold, returned = lines_of("B1"), lines_of("R1")
    assert [line.undoes_id for line in returned] == [sold[0].id, sold[0].id]
    assert {line.counts_on for line in returned} == {date(2026, 8, 2)}
    assert one(sa.select(Invoice.undoes_id).where(Invoice.number == "R1")) == sold[0].invoice_id
    [plain] = lines_of("R2")
    assert (plain.undoes_id, plain.counts_on) == (None, date(2026, 10, 10))
    assert [one.left for one in reads.sold_lines(sold[0].invoice_id)] == [0, 4, 5]
    assert counts(imported("invoices", HEAD + back)) == (0, 0, 2)


def test_our_own_invoice_is_named_by_its_number(world: Any) -> None:
    invoice = db.session.get_one(Invoice, delivered(world, A=100))
    row = f"R1,1,红字发票,2026-11-20,D1,A,-5,-442.48,-57.52,CNY,{invoice.number}\n"
    imported("invoices", HEAD + row)
    assert [note.number for note in reads.of_invoice(invoice.id)] == ["R1"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("R1,1,红字发票,2026-10-09,D1,A,-15,-1500,-195,CNY,B1\n", "import.undoes_too_many"),
        ("R1,1,红字发票,2026-10-09,D1,N,-1,-100,-13,CNY,B1\n", "import.undoes_too_many"),
        ("R1,1,红字发票,2026-10-09,D2,A,-1,-100,-13,CNY,B1\n", "import.undoes_unknown"),
        ("R1,1,红字发票,2026-10-09,D1,A,-1,-100,-13,CNY,B9\n", "import.undoes_unknown"),
        ("R1,1,发票,2026-10-09,D1,A,1,100,13,CNY,B1\n", "import.undoes_kind"),
    ],
)
def test_what_cannot_be_undone_is_refused(world: Any, row: str, code: str) -> None:
    imported("invoices", HEAD + SOLD)
    assert code in {found for found, _row in refused(imported("invoices", HEAD + row))}
    assert lines_of("R1") == []
