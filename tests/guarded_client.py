"""A test client that checks every page it fetches, so that no test needs to ask.

Valid HTML, one h1, a title, labels for fields, no id twice, no inline style or script, a CSRF
field in each POST form, no untranslated English in the Chinese page's menu.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import html5lib
from flask import Flask, g
from werkzeug.test import TestResponse

from channel.access import Actor
from channel.web.session import SignedIn

#: html5lib reports these for what browsers and the standard accept.
HARMLESS = {"unknown-named-entity"}


class _Reader(HTMLParser):
    """Collects what the guard asks about."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.headings = 0
        self.inline: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self._in_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if "style" in values or any(k.startswith("on") for k in values):
            self.inline.append(f"<{tag} {values}>")
        if (tag == "script" and "src" not in values) or tag == "style":
            self.inline.append(f"<{tag}>")
        if tag == "h1":
            self.headings += 1
        if tag == "label":
            self._in_label += 1
            self.labels.add(values.get("for", ""))
        if tag == "form":
            self.forms.append({"method": values.get("method", "get").lower(), "names": set()})
        if tag in ("input", "select", "textarea"):
            if self.forms:
                self.forms[-1]["names"].add(values.get("name", ""))
            if values.get("type") not in ("hidden", "submit"):
                values["wrapped"] = "yes" if self._in_label else ""
                self.fields.append(values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label -= 1


def check_page(text: str, path: str) -> None:
    """Raise with the page's path and what is wrong with it."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    errors = [e for e in parser.errors if e[1] not in HARMLESS]
    assert not errors, f"{path}: HTML {errors[:5]}"
    reader = _Reader()
    reader.feed(text)
    assert reader.headings == 1, f"{path}: {reader.headings} h1"
    title = re.search(r"<title>(.*?)</title>", text, re.S)
    assert title and title[1].strip(" ·\n"), f"{path}: no title"
    twice = {i for i in reader.ids if reader.ids.count(i) > 1}
    assert not twice, f"{path}: ids twice {twice}"
    assert not reader.inline, f"{path}: inline {reader.inline[:3]}"
    for field in reader.fields:
        named = field.get("aria-label") or field.get("aria-labelledby") or field["wrapped"]
        assert named or field.get("id") in reader.labels, f"{path}: field without label {field}"
    for form in reader.forms:
        if form["method"] == "post":
            assert "csrf_token" in form["names"], f"{path}: form without CSRF token"


class GuardedClient:
    """get/post as a signed-in user; POSTs carry the CSRF token of the last page."""

    def __init__(self, app: Flask, actor: Actor | None) -> None:
        self.client = app.test_client()
        if actor is not None:
            user = SignedIn(actor, 0)
            with self.client.session_transaction() as session:
                session["_user_id"] = user.get_id()
                session["_fresh"] = True
        self._token = ""

    @staticmethod
    def _forget() -> None:
        """Tests keep one application context open; drop whom and what the last request left."""
        g.__dict__.clear()

    def _look(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and "<html" in response.text[:200]:
            check_page(response.text, response.request.path)
            if found := re.search(r'name="csrf-token" content="([^"]+)"', response.text):
                self._token = found[1]
        return response

    def get(self, path: str, status: int = 200, **options: Any) -> TestResponse:
        self._forget()
        response = self._look(self.client.get(path, **options))
        assert response.status_code == status, f"GET {path}: {response.status_code}"
        return response

    def post(
        self, path: str, data: dict[str, Any] | None = None, status: int = 303, **options: Any
    ) -> TestResponse:
        """POST and expect a redirect (303) unless told otherwise."""
        self._forget()
        if not self._token:
            self._look(self.client.get("/me"))
            self._forget()
        body = {"csrf_token": self._token, **(data or {})}
        response = self._look(self.client.post(path, data=body, **options))
        assert response.status_code == status, (
            f"POST {path}: {response.status_code}\n{response.text[:1500]}"
        )
        return response

    def follow(self, response: TestResponse) -> TestResponse:
        return self.get(response.location)
