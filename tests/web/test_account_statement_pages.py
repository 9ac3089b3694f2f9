"""The statement of account in the browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import delivered, paid


@pytest.mark.row("P03")
def test_finance_and_the_distributor_read_and_print_the_same(world: Any, sign_in: Any) -> None:
    delivered(world, A=100)
    paid(world, "D1", 250_000)
    url = f"/credit/{world.distributor('D1')}/statement"
    span = "from=2026-11-01&to=2026-11-21"
    for name in ("fin", "d1", "auditor"):
        text = sign_in(name).get(f"{url}?{span}").text
        assert "10,000.00" in text
        assert "2,500.00" in text
        assert "7,500.00" in text
        pdf = sign_in(name).get(f"{url}.pdf?{span}&lang=en")
        assert pdf.data.startswith(b"%PDF")
        assert pdf.mimetype == "application/pdf"


def test_days_that_make_no_sense_show_the_last_month(world: Any, sign_in: Any) -> None:
    url = f"/credit/{world.distributor('D1')}/statement"
    assert 'value="2026-10-01"' in sign_in("fin").get(f"{url}?from=soon&to=later").text
    assert "截止日早于起始日" in sign_in("fin").get(f"{url}?from=2026-11-02&to=2026-11-01").text


@pytest.mark.row("P01")
def test_another_s_statement_is_not_found(world: Any, sign_in: Any) -> None:
    for suffix in ("", ".pdf"):
        sign_in("d1").get(f"/credit/{world.distributor('D2')}/statement{suffix}", status=404)
