"""Returns in the browser: booked from the invoice, shown on both documents, listed."""

from __future__ import annotations

import re

import pytest

from tests.builders import delivered
from tests.services.test_returns import line_of

pytestmark = pytest.mark.database


def form_of(html: str) -> dict[str, str]:
    """The hidden fields and the day of the form."""
    found = dict(re.findall(r'name="(key|on)"[^>]*value="([^"]*)"', html))
    assert set(found) == {"key", "on"}, html
    return found


@pytest.mark.row("E04")
def test_a_return_is_booked_from_the_invoice_and_shown_on_both(world, sign_in):
    invoice = delivered(world, A=100, B=20)
    fin, line = sign_in("fin"), line_of(invoice)
    assert f"/invoices/{invoice}/return" in fin.get(f"/invoices/{invoice}").text
    path = f"/invoices/{invoice}/return"
    fields = form_of(fin.get(path).text)
    wrong = {**fields, f"line-{line}": "101", "reason": "破损"}
    refused = fin.post(path, data=wrong, status=422)
    assert 'value="101"' in refused.text and "破损" in refused.text
    ten = {**fields, f"line-{line}": "ten", "reason": "破损"}
    assert 'value="ten"' in fin.post(path, data=ten, status=422).text
    done = fin.post(path, data={**fields, f"line-{line}": "10", "reason": "破损"})
    again = fin.post(path, data={**fields, f"line-{line}": "10", "reason": "破损"})
    assert again.headers["Location"] == done.headers["Location"]
    note = fin.get(done.headers["Location"]).text
    assert "破损" in note and f"/invoices/{invoice}" in note and "−1,000.00" in note
    assert done.headers["Location"] in fin.get(f"/invoices/{invoice}").text
    assert "破损" in fin.get("/returns").text


def test_others_read_returns_and_do_not_book_them(world, sign_in):
    invoice = delivered(world, A=100)
    for user in ("cm", "rep", "boss", "auditor", "d1"):
        client = sign_in(user)
        client.get("/returns")
        client.get(f"/invoices/{invoice}/return", status=403)
    sign_in("d2").get(f"/invoices/{invoice}", status=404)
