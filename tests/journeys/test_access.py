"""Who may see what and for how long, tried in the browser; the language stays as chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from channel.db import db

pytestmark = pytest.mark.browser


def test_the_language_is_remembered(desk: Any) -> None:
    page = desk.page_of("cm")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.locator(".language button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/orders")
    expect(page.locator("h1")).to_have_text("Orders")
    # Remembered by the account, too: another browser greets in the same language.
    other = desk.page_of("cm")
    expect(other.locator("html")).to_have_attribute("lang", "en")
    other.locator(".language button").click()
    expect(other.locator("html")).to_have_attribute("lang", "zh-CN")


def test_after_signing_out_nothing_is_shown(desk: Any) -> None:
    page = desk.page_of("d1")
    page.goto("/orders")
    page.locator("form[action$='/logout'] button").click()
    page.wait_for_url("**/login")
    page.go_back()
    page.wait_for_url("**/login**")
    assert page.locator("#list").count() == 0
    page.goto("/orders")
    page.wait_for_url("**/login?next=**")


def test_an_expired_session_leads_back_to_the_page(desk: Any) -> None:
    page = desk.page_of("fin")
    desk.site.app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=-1)
    page.goto("/invoices")
    page.wait_for_url("**/login?next=**")
    desk.site.app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=8)
    page.reload()
    page.fill("#email", "fin@weir.example")
    page.fill("#password", "wrong")
    desk.expected.add(401)
    page.click("[data-save]")
    expect(page.locator(".flashes .alert-danger")).to_be_visible()
    page.fill("#email", "fin@weir.example")
    page.fill("#password", "weir-demo")
    page.click("[data-save]")
    page.wait_for_url("**/invoices")


@pytest.mark.row("P01")
def test_a_distributor_who_types_the_address_of_another_finds_nothing(desk: Any) -> None:
    """Pages, files and forms of D2 are not there for D1; the same addresses serve D2."""
    with desk.site.inside():
        ids = {
            name: db.session.scalar(sa.text(sql))
            for name, sql in (
                ("orders/{}", "SELECT max(id) FROM sales_order WHERE distributor_id = 2"),
                ("shipments/{}", "SELECT max(id) FROM shipment WHERE distributor_id = 2"),
                ("invoices/{}", "SELECT max(id) FROM invoice WHERE distributor_id = 2"),
                ("receipts/{}", "SELECT max(id) FROM receipt WHERE distributor_id = 2"),
                ("stock/{}", "SELECT max(id) FROM inventory_report WHERE distributor_id = 2"),
                ("stock/uploads/{}/file", "SELECT max(id) FROM upload WHERE distributor_id = 2"),
                ("rebates/statements/{}", "SELECT max(id) FROM rebate_statement"
                 " WHERE distributor_id = 2"),
                ("rebates/statements/{}/statement.pdf", "SELECT max(id) FROM rebate_statement"
                 " WHERE distributor_id = 2"),
                ("credit/{}", "SELECT 2"),
                ("distributors/{}", "SELECT 2"),
                ("agreements/{}", "SELECT v.id FROM agreement_version v JOIN agreement a"
                 " ON a.id = v.agreement_id WHERE a.distributor_id = 2"),
            )
        }  # fmt: skip
    desk.expected.add(404)
    stranger, owner = desk.page_of("d1"), desk.page_of("d2")
    for pattern, id_ in ids.items():
        path = "/" + pattern.format(id_)
        assert id_ is not None, pattern
        assert stranger.request.get(path).status == 404, path
        assert owner.request.get(path).status == 200, path
    stranger.goto("/orders/{}".format(ids["orders/{}"]))
    expect(stranger.locator(".error-page")).to_be_visible()
    assert "龙老板" not in stranger.content() and "隆昌川味" not in stranger.content()
