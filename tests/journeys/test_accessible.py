"""axe-core on the pages that people use, in light and in dark: nothing against WCAG 2.1 A, AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

AXE = next((Path(__file__).resolve().parents[1] / "vendor").glob("axe-core-*/axe.min.js"))

RUN = """
async (only) => {
  const found = await axe.run(document, {
    runOnly: only.length ? {type: 'rule', values: only}
      : {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']},
    resultTypes: ['violations'],
  });
  return found.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3)
    .map((n) => n.target.join(' ') + ' ' + n.any.map((a) => a.message).join('; ')).join(' | '));
}
"""

PAGES = {
    "cm": [
        "/", "/inbox", "/orders", "/orders?state=held&q=D3", "/orders/79", "/orders/new",
        "/shipments/77", "/shipments/new/2", "/exceptions", "/exceptions/1", "/agreements",
        "/agreements/1", "/agreements/new", "/agreements/calendar", "/agreements/obligations",
        "/agreements/expiring", "/agreements/5", "/agreements/5/compare", "/agreements/6/exit",
        "/agreements/2/notice", "/agreements/2/copy", "/distributors", "/distributors/1",
        "/territories?at=511000", "/stock", "/products", "/price-books/1", "/help", "/me",
        "/price-books/1/margins", "/products/1/ladder", "/special-prices", "/targets",
        "/targets/of/2", "/targets/plans/2", "/targets/plans/new?distributor=1&year=2027",
        "/market", "/market/incidents", "/market/incidents/3", "/market/incidents/new",
        "/market/prices/1", "/market/prices/new", "/market/promotions/1", "/market/displays",
        "/market/displays/standards", "/market/outlets/1/check", "/market/pop",
        "/market/white-space", "/freight",
        "/exceptions/4", "/exceptions/board", "/exceptions/bands", "/exceptions/absences",
        "/exceptions/reviews/3", "/exceptions/new?type=level", "/exceptions/choose",
        "/territories/caps", "/supports", "/supports/1", "/supports/claims/2",
        "/supports/seasons",
    ],
    "fin": [
        "/invoices", "/invoices/1", "/receipts/new", "/ageing", "/credit", "/credit/1",
        "/rebates/statements/1", "/rebates/statements/1/lines", "/rebates/runs/1",
        "/rebates/runs/new",
    ],
    "d1": ["/", "/rebates/standing", "/stock/1", "/stock/file", "/orders/999999"],
    "admin": ["/users", "/users/1", "/maker", "/calendar", "/imports", "/audit"],
}  # fmt: skip


@pytest.mark.parametrize("user", list(PAGES))
def test_no_page_shuts_anybody_out(viewer: Any, user: str) -> None:
    axe = AXE.read_text("utf-8")
    viewer.expected.add(404)
    page = viewer.page_of(user)
    wrong = []
    for path in PAGES[user]:
        for scheme, only in (("light", []), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            if scheme == "light":
                page.goto(path)
                page.wait_for_load_state("networkidle")
                page.evaluate(axe)
            wrong += [f"{path} {scheme}: {text}" for text in page.evaluate(RUN, only)]
    assert not wrong, "\n".join(wrong)


def test_the_sign_in_page_shuts_nobody_out(viewer: Any) -> None:
    page = viewer.window(390)
    page.goto("/login")
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN, []) == []
