"""Both languages on the main pages: no English word left in Chinese, no Chinese label in English.

What people typed or imported (names, codes, addresses, file names) is data and stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from flask import url_for

from channel.db import db
from channel.models.accounts import User
from channel.models.agreements import AgreementVersion
from channel.models.catalogue import PriceBook, Product, ProductGroup, WorkingDay
from channel.models.market import Evidence, Outlet, Promotion
from channel.models.partners import Distributor, Maker, ShipTo
from channel.models.rebates import RebatePolicy
from channel.models.stock_sources import StockUnit
from channel.models.supports import SupportBudget, SupportClaim
from channel.models.territories import Division
from channel.models.uploads import Upload
from tests.guarded_client import GuardedClient
from tests.web.demo_world import demo_app, first_ids

#: (who looks, endpoint): what people open every day. Record pages take the demo's first record.
PAGES = (
    ("cm", "home.index"),
    ("cm", "stock_checks.record"),
    ("cm", "stock_checks.difference"),
    ("cm", "stock_checks.outflow"),
    ("cm", "stock_checks.flow"),
    ("d1", "stock_checks.quality"),
    ("cm", "stock_checks.calendar"),
    ("cm", "stock_advice.index"),
    ("d1", "stock_advice.record"),
    ("cm", "stock_advice.goods"),
    ("cm", "stock_advice.ages"),
    ("cm", "stock_advice.expiry"),
    ("cm", "stock_advice.slow"),
    ("cm", "stock_statement.record"),
    ("cm", "exceptions.inbox"),
    ("cm", "exceptions.index"),
    ("cm", "exceptions.record"),
    ("cm", "exceptions.choose"),
    ("cm", "exceptions.board"),
    ("cm", "exceptions.bands"),
    ("cm", "exceptions.absences"),
    ("cm", "exceptions.review"),
    ("cm", "caps.index"),
    ("cm", "supports.index"),
    ("cm", "supports.ledger"),
    ("cm", "supports.record"),
    ("cm", "supports.claim"),
    ("cm", "supports.seasons"),
    ("cm", "orders.index"),
    ("cm", "orders.record"),
    ("rep", "orders.new"),
    ("cm", "shipments.index"),
    ("cm", "shipments.record"),
    ("fin", "home.index"),
    ("fin", "receivables.invoices"),
    ("fin", "receivables.invoice"),
    ("fin", "receivables.receipts"),
    ("fin", "receivables.receipt"),
    ("fin", "receivables.new"),
    ("fin", "receivables.ageing"),
    ("fin", "receivables.receipts_parked"),
    ("fin", "receivables.receipt_parked"),
    ("cm", "receivables.payment_preview"),
    ("d1", "shipments.place"),
    ("d1", "tokens.index"),
    ("fin", "credit.index"),
    ("fin", "credit.record"),
    ("fin", "scores.index"),
    ("fin", "scores.record"),
    ("fin", "scores.grade"),
    ("fin", "score_cards.index"),
    ("fin", "score_cards.record"),
    ("fin", "score_cards.new"),
    ("cm", "risk.index"),
    ("cm", "risk.record"),
    ("fin", "rebates.statements"),
    ("fin", "rebates.statement"),
    ("fin", "rebates.runs"),
    ("fin", "rebates.run"),
    ("fin", "rebates.exports"),
    ("fin", "rebates.export_new"),
    ("fin", "rebates.dispute_new"),
    ("fin", "disputes.record"),
    ("fin", "returns.index"),
    ("fin", "returns.new"),
    ("cm", "rebates.policy_evidence"),
    ("cm", "rebates.policy_baselines"),
    ("cm", "rebates.policy_baseline"),
    ("cm", "rebates.baseline_new"),
    ("cm", "rebates.exclusivity"),
    ("cm", "rebates.exclusivity_record"),
    ("d1", "rebates.exclusivity_new"),
    ("cm", "rebates.policies"),
    ("cm", "rebates.policy"),
    ("cm", "stock.index"),
    ("cm", "stock.record"),
    ("d1", "stock_codes.index"),
    ("d1", "stock_codes.units"),
    ("d1", "stock_codes.record"),
    ("d1", "stock_codes.unit"),
    ("d1", "stock_codes.habit"),
    ("d1", "stock_grid.grid"),
    ("cm", "agreements.index"),
    ("cm", "agreements.record"),
    ("cm", "agreements.new"),
    ("cm", "agreements.calendar"),
    ("cm", "agreements.obligations"),
    ("cm", "agreements.expiring"),
    ("cm", "agreements.copy"),
    ("d1", "agreements.exit"),
    ("cm", "partners.index"),
    ("cm", "partners.record"),
    ("cm", "territories.index"),
    ("cm", "catalogue.products"),
    ("cm", "catalogue.product"),
    ("cm", "catalogue.price_book"),
    ("cm", "catalogue.vat"),
    ("cm", "catalogue.suggested"),
    ("cm", "catalogue.book_margins"),
    ("cm", "catalogue.ladder"),
    ("cm", "catalogue.special_lines"),
    ("cm", "targets.index"),
    ("cm", "targets.record"),
    ("cm", "targets.plans"),
    ("cm", "targets.plan"),
    ("cm", "targets.new_plan"),
    ("cm", "market.index"),
    ("cm", "market.incidents"),
    ("cm", "market.incident"),
    ("d1", "market.new_incident"),
    ("cm", "market.price_reports"),
    ("cm", "market.price_report"),
    ("rep", "market.new_price"),
    ("cm", "market.promotions"),
    ("cm", "market.promotion"),
    ("cm", "market.promotion_logs"),
    ("cm", "market.promotion_log"),
    ("cm", "market.displays"),
    ("cm", "market.standards"),
    ("cm", "market.display_check"),
    ("cm", "market.pop"),
    ("cm", "market.outlets"),
    ("cm", "market.outlet"),
    ("cm", "market.white"),
    ("fin", "credit_policies.index"),
    ("fin", "credit_policies.new"),
    ("fin", "credit_policies.record"),
    ("fin", "credit_policies.trial"),
    ("fin", "credit_policies.line"),
    ("fin", "freight.index"),
    ("fin", "freight.record"),
    ("cm", "catalogue.calendar"),
    ("admin", "uploads.index"),
    ("admin", "uploads.new"),
    ("admin", "accounts.users"),
    ("admin", "partners.maker"),
    ("auditor", "audit.index"),
    ("d1", "home.index"),
    ("d1", "stock.file"),
    ("cm", "help.index"),
    ("cm", "accounts.me"),
    ("", "accounts.sign_in"),
    ("", "accounts.forgot"),
)

#: Written the same in both languages: file formats, a key of the keyboard, a person's method,
#: check sums.
SAME = re.compile(r"\b(XLSX|JSON|EDIFACT|INVRPT|SLSRPT|Ctrl|Croston|[0-9a-f]{12,64})\b")
LATIN = re.compile(r"[A-Za-z]{4,}")
HAN = re.compile(r"[\u3400-\u9fff]")
#: In these elements stands what the house says, not what people entered.
SPOKEN = {
    "th",
    "badge",
    "label",
    "button",
    "legend",
    "dt",
    "summary",
    "h1",
    "h2",
    "h3",
    "nav",
    "title",
}
#: Figures, keys and program text are the same everywhere; scripts and styles are not read.
SILENT = {"script", "style", "code", "kbd", "noscript"}
VOID = {"input", "img", "br", "meta", "link", "hr", "use", "path", "source", "wbr", "col"}
READ_ALOUD = ("aria-label", "title", "placeholder", "alt")


class Visible(HTMLParser):
    """(text, the elements around it) of all that is seen or read aloud, but for other tongues."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str, bool]] = []
        self.texts: list[tuple[str, frozenset[str]]] = []

    def _hear(self, text: str, tag: str = "") -> None:
        tags = frozenset({kind for _tag, kind, _other in self.open} | {tag})
        if text.strip() and not tags & SILENT and not any(other for *_, other in self.open):
            self.texts.append((text.strip(), tags))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            classes = (values.get("class") or "").split()
            kind = next((c for c in ("badge", "btn") if c in classes), tag)
            self.open.append((tag, kind, tag != "html" and "lang" in values))
        for name in READ_ALOUD:
            self._hear(values.get(name) or "", "label")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._hear(data)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    with demo_app(tmp_path_factory) as world:
        yield world


@pytest.fixture(scope="module")
def data(demo) -> list[str]:
    """What people typed into the demo: names, codes, reasons; the longest first."""
    columns = (
        Distributor.name, Distributor.contact, Distributor.email, ShipTo.name, Maker.name,
        AgreementVersion.reason, Maker.name_en, Product.name_en, Product.name, Product.unit,
        ProductGroup.name,
        ProductGroup.code, PriceBook.name, WorkingDay.name, Division.name, User.name,
        User.email, RebatePolicy.name, RebatePolicy.code, Upload.filename,
        Outlet.name, Promotion.title, Evidence.filename,
        SupportBudget.title, SupportClaim.title, StockUnit.written,
    )  # fmt: skip
    found = {value for c in columns for value in db.session.scalars(sa.select(c)) if value}
    # Short codes would take letters out of words, and are too short to be taken for one.
    return sorted((t for t in found if HAN.search(t) or len(t) > 3), key=len, reverse=True)


def looked_at(demo, language: str) -> Iterator[tuple[str, list[tuple[str, frozenset[str]]]]]:
    ids = first_ids()
    for user, endpoint in PAGES:
        client = GuardedClient(demo.app, demo.actor(user) if user else None)
        client.client.set_cookie("weir_lang", language)
        room = endpoint.partition(".")[0]
        with demo.app.test_request_context():
            rule = next(r for r in demo.app.url_map.iter_rules() if r.endpoint == endpoint)
            values = {n: ids.get((endpoint, n), ids.get((room, n))) for n in rule.arguments}
            path = url_for(endpoint, **values)
        reader = Visible()
        reader.feed(client.get(path).text)
        assert len(reader.texts) > 5, path
        yield f"{user or 'guest'} {path}", reader.texts


def without(text: str, data: list[str]) -> str:
    for value in data:
        if value in text:
            text = text.replace(value, " ")
    return text


@pytest.mark.row("P08")
def test_chinese_pages_hold_no_english_words(demo, data):
    left = [
        (page, text)
        for page, texts in looked_at(demo, "zh_CN")
        for text, _tags in texts
        if LATIN.search(SAME.sub("", without(text, data)))
    ]
    assert not left, "\n".join(f"{page}: {text}" for page, text in left)


@pytest.mark.row("P08")
def test_english_pages_hold_no_chinese_labels(demo, data):
    left = [
        (page, text)
        for page, texts in looked_at(demo, "en")
        for text, tags in texts
        if tags & SPOKEN and HAN.search(without(text, data))
    ]
    assert not left, "\n".join(f"{page}: {text}" for page, text in left)


@pytest.mark.row("P08")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("此项必填。", "邮箱格式不正确。", "请从列表中选择。")),
        ("en", ("This field is required.", "Invalid email address.", "Not a valid choice.")),
    ],
)
def test_what_the_form_library_says_is_in_the_language_too(demo, language, words):
    client = GuardedClient(demo.app, demo.actor("admin"))
    client.client.set_cookie("weir_lang", language)
    typed = {"name": "", "email": "nobody", "role": "emperor", "locale": "zh_CN"}
    page = client.post("/users/invite", typed, status=200).text
    for sentence in words:
        assert sentence in page
