"""The page behind the QR code, and the files from which the other side rebuilds a statement."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal

import pytest

from channel.checker.recount import check
from channel.queries import accounts as people
from channel.services import rebates_statements as service
from channel.services.steps import rebates_annex
from contracts.rebates.model import Method
from tests.services.rebate_trade import (
    a_credit_note,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    statements_of,
    the_statement,
)

AUGUST = date(2026, 8, 15)
OCTOBER = date(2026, 10, 12)

pytestmark = [pytest.mark.row("E09")]


@pytest.fixture
def posted(world):
    """D2's statement of 120,000.00 by segment: 1,400.00."""
    an_approved_policy(world, some_terms("S", method=Method.SEGMENT))
    an_invoice(world, "D2", AUGUST, ("A", "75000"), ("B", "35000.0001"))
    an_invoice(world, "D2", AUGUST, ("A", "9999.9999"), free=(("B", "5"),))
    return the_statement(a_posted_run(world, on=OCTOBER), policy_code="S")


def address_of(statement) -> str:
    return statement.document["verify"]["url"].split("/verify/", 1)[1]


def anyone(world):
    return world.app.test_client()


@pytest.mark.database
def test_whoever_holds_the_paper_sees_number_date_amount_and_that_it_holds(world, posted):
    answer = anyone(world).get(f"/verify/{address_of(posted)}")
    assert answer.status_code == 200
    for wanted in (posted.number, "2026-10-12", "¥1,400.00", "真实有效", posted.document_sha256):
        assert wanted in answer.text, wanted
    # Nothing of the distributor, its base or its pool is told.
    for hidden in (posted.distributor.name, "120,000", "内江", "隆昌"):
        assert hidden not in answer.text


def test_a_statement_settled_again_says_so(world, posted):
    a_credit_note(world, "D2", AUGUST, ("A", "10000"))
    a_posted_run(world, on=date(2026, 10, 20))
    text = anyone(world).get(f"/verify/{address_of(posted)}").text
    assert "后续结算单" in text and "¥1,400.00" in text


def test_a_wrong_code_tells_nothing_and_too_many_wait(world, posted):
    number, code = address_of(posted).split("/")
    client = anyone(world)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for path in (f"{number}/{wrong}", f"RS-2026-999999/{code}", f"{number}/x", f"{number}/é"):
        answer = client.get(f"/verify/{path}")
        assert answer.status_code == 404
        assert "¥" not in answer.text
    for _again in range(people.MAX_ATTEMPTS):
        client.get(f"/verify/{number}/{wrong}")
    assert client.get(f"/verify/{number}/{wrong}").status_code == 429
    assert client.get(f"/verify/{number}/{code}").status_code == 429


def test_codes_are_long_and_never_the_same(world, posted):
    an_invoice(world, "D3", AUGUST, ("A", "50000"))
    again = statements_of(a_posted_run(world, on=date(2026, 10, 20)))
    codes = {s.document["verify"]["code"] for s in [posted, *again]}
    assert len(codes) == 1 + len(again)
    assert all(re.fullmatch(r"[2-9A-Z]{20}", code) for code in codes)


@pytest.mark.row("E10")
def test_the_distributor_takes_its_lines_and_the_shares_re_add(world, posted, sign_in):
    page = sign_in("d2").get(f"/rebates/statements/{posted.id}").text
    assert "明细 CSV" in page and "中英双语 PDF" in page
    data = sign_in("d2").get(f"/rebates/statements/{posted.id}/files/csv").data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    *lines, total = rows[1:]
    assert len(lines) == 3
    assert sum(Decimal(row[-1]) for row in lines) == Decimal(total[-1]) == Decimal("1400.00")
    assert sum(Decimal(row[-2]) for row in lines) == Decimal("120000")
    book = sign_in("d2").get(f"/rebates/statements/{posted.id}/files/xlsx").data
    assert book.startswith(b"PK")
    sign_in("d3").get(f"/rebates/statements/{posted.id}/files/csv", status=404)
    sign_in("d2").get(f"/rebates/statements/{posted.id}/files/exe", status=404)


@pytest.mark.row("E02")
@pytest.mark.database
def test_the_file_of_a_posted_statement_holds(world, posted, sign_in):
    text = sign_in("d2").get(f"/rebates/statements/{posted.id}/files/json").data
    file = json.loads(text)
    verdict = check(file)
    assert verdict.holds, verdict.faults
    assert verdict.amount_fen == 140_000
    assert len(file["lines"]) == 3
    for lang in ("zh", "en", "bi"):
        name, pdf = service.statement_pdf(world.actor("fin"), posted.id, lang)
        assert name == f"{posted.number}-{lang}.pdf"
        assert b"/EmbeddedFile" in pdf
        assert service.statement_pdf(world.actor("d2"), posted.id, lang)[1] == pdf


def test_a_true_up_holds_with_its_reason_and_what_was_granted(world, posted, sign_in):
    a_credit_note(world, "D2", AUGUST, ("A", "10000"))
    later = the_statement(a_posted_run(world, on=date(2026, 10, 20)), policy_code="S")
    file = json.loads(sign_in("fin").get(f"/rebates/statements/{later.id}/files/json").data)
    verdict = check(file)
    assert verdict.holds, verdict.faults
    assert file["document"]["true_up"]["earlier"][0]["number"] == posted.number
    assert file["document"]["amount_fen"] == -20_000


def test_lines_that_no_longer_re_add_are_refused_with_a_sentence(
    world, posted, sign_in, monkeypatch
):
    monkeypatch.setattr(rebates_annex, "input_lines", lambda statement: [])
    client = sign_in("fin")
    for path in ("files/json", "files/csv", "statement.pdf"):
        refused = client.follow(client.get(f"/rebates/statements/{posted.id}/{path}", status=303))
        assert "不予打印" in refused.text
