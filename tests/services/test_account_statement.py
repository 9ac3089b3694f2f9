"""The statement of account ties to the ledger on any day, and its paper says what it must."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pypdf
import pytest

from channel.db import db
from channel.documents.account import (
    AccountInconsistentError,
    check_account,
    render_account_statement,
)
from channel.models.partners import Distributor
from channel.queries import account_statement as reads
from channel.queries import credit as exposure
from channel.services import receivables
from tests.builders import delivered, paid

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)


def a_statement(world: Any, code: str = "D1", first: date = date(2026, 11, 1)) -> Any:
    distributor = db.session.get_one(Distributor, world.distributor(code))
    return reads.document(world.actor("fin"), distributor, first, TODAY, TODAY)


@pytest.mark.row("P03")
def test_opening_movements_and_closing_tie_to_the_ledger(world):
    delivered(world, on=date(2026, 10, 28), A=110)
    paid(world, "D1", 300_000, on=date(2026, 10, 30))
    delivered(world, A=100)
    paid(world, "D1", 5_000_000, on=date(2026, 11, 20))
    doc = a_statement(world)
    check_account(doc)
    [account] = exposure.accounts(world.actor("fin"), world.distributor("D1"))
    assert doc["closing_fen"] == account.invoiced_fen - account.unapplied_fen
    assert doc["opening_fen"] == 1_100_000 - 300_000
    assert [(m["kind"], m["debit_fen"], m["credit_fen"]) for m in doc["lines"]] == [
        ("invoice", 1_000_000, 0),
        ("receipt", 0, 5_000_000),
    ]
    assert doc["items"] == []
    assert doc["unapplied_fen"] == -doc["closing_fen"] == 5_000_000 - 800_000 - 1_000_000


def test_a_past_day_is_told_as_it_was(world):
    delivered(world, on=date(2026, 8, 5), A=113)
    paid(world, "D1", 1_130_000, on=date(2026, 11, 20))
    distributor = db.session.get_one(Distributor, world.distributor("D1"))
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    doc: Any = reads.document(world.actor("fin"), distributor, first, last, TODAY)
    check_account(doc)
    assert (doc["opening_fen"], doc["closing_fen"], doc["lines"]) == (1_130_000, 1_130_000, [])
    [item] = doc["items"]
    late = (last - date.fromisoformat(item["pay_by"])).days
    assert (item["open_fen"], item["overdue_days"]) == (1_130_000, late)
    assert sum(doc["ageing_fen"]) == 1_130_000


def test_a_reversed_receipt_stands_as_its_own_movement(world):
    delivered(world, A=100)
    receipt = paid(world, "D1", 600_000)
    receivables.reverse_receipt(world.actor("fin"), receipt, "付款方退票")
    doc = a_statement(world)
    check_account(doc)
    assert [m["kind"] for m in doc["lines"]] == ["invoice", "receipt", "reversal"]
    assert doc["closing_fen"] == 1_000_000


@pytest.mark.row("P03")
def test_the_paper_has_its_words_in_both_languages(world):
    delivered(world, "D2", B=60)
    doc = a_statement(world, "D2")
    for lang, title, word in (
        ("zh", "往来对账单", "未清项目"),
        ("en", "Statement of account", "Open items"),
    ):
        data = render_account_statement(doc, lang)
        reader = pypdf.PdfReader(io.BytesIO(data))
        text = "".join(page.extract_text() for page in reader.pages)
        assert title in text
        assert word in text
        assert "隆昌" in text
        assert "人民币壹万贰仟元整" in text
        assert "12,000.00" in text
        assert render_account_statement(doc, lang) == data, "same statement, same bytes"


@pytest.mark.parametrize("name", ["closing_fen", "unapplied_fen", "opening_fen"])
def test_a_statement_that_does_not_re_add_is_never_printed(world, name):
    delivered(world, A=100)
    doc = a_statement(world)
    doc[name] += 1
    with pytest.raises(AccountInconsistentError):
        render_account_statement(doc, "zh")
