"""Journeys: the demo world behind a server, and signed-in windows that complain by themselves."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from channel.demo.cast import PASSWORD
from tests.journeys.live import FILE, Site, find_chromium, launch, load_demo, serve

LANGUAGES = {"zh": "zh_CN", "en": "en"}

#: Runs in each page: what a person would see as broken is written to the console as an error.
WATCH = """
document.addEventListener('securitypolicyviolation', (e) =>
  console.error('refused by CSP: ' + e.violatedDirective + ' ' + e.blockedURI));
const look = () => requestAnimationFrame(() => {
  const root = document.documentElement;
  const over = root.scrollWidth - root.clientWidth;
  if (over > 0) console.error('too wide by ' + over + ' px: ' + location.pathname);
});
addEventListener('load', look);
document.addEventListener('htmx:afterSettle', look);
"""


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the loaded demo world; workers of one run share it. Never served itself."""
    root = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        root = root.parent
    folder = root / "demo-world"
    folder.mkdir(exist_ok=True)
    with (root / "demo-world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            (folder / FILE).unlink(missing_ok=True)
            load_demo(folder)
            (folder / "ready").touch()
    return folder


def _copy(loaded: Path, folder: Path) -> Path:
    shutil.copyfile(loaded / FILE, folder / FILE)
    return folder


@pytest.fixture
def site(loaded: Path, tmp_path: Path) -> Iterator[Site]:
    """A server on a copy of the demo world that is this test's own."""
    with serve(_copy(loaded, tmp_path)) as running:
        yield running


@pytest.fixture(scope="session")
def shown(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on a copy for tests that only look."""
    with serve(_copy(loaded, tmp_path_factory.mktemp("shown"))) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("no chromium on this machine; bin/setup installs it")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


class Desk:
    """Opens windows on one site and remembers what went wrong in any of them."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.complaints: list[str] = []
        #: Statuses from 400 on that a journey means to see.
        self.expected: set[int] = set()
        self._contexts: list[Any] = []

    def window(self, width: int = 1280, lang: str = "zh", **options: Any) -> Page:
        """A fresh browser without anybody signed in."""
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": 844 if width < 500 else 900},
            reduced_motion="reduce",
            **options,
        )
        self._contexts.append(context)
        context.set_default_timeout(30_000)
        context.add_init_script(WATCH)
        if lang != "zh":
            context.add_cookies(
                [{"name": "weir_lang", "value": LANGUAGES[lang], "url": self.site.url}]
            )
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def page_of(self, user: str, width: int = 1280, lang: str = "zh", **options: Any) -> Page:
        """A window in which the user has signed in through the form."""
        page = self.window(width, lang, **options)
        page.goto("/login")
        page.fill("#email", f"{user}@weir.example")
        page.fill("#password", PASSWORD)
        page.click("[data-save]")
        page.locator(".topbar").wait_for()
        return page

    def _console(self, message: Any) -> None:
        # A status that the journey expects is logged by the browser as an error, too.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Any) -> None:
        # Leaving a page ends what it was still asking for, and a download ends a navigation.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Any) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status}: {response.url}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def _desk(browser: Browser, site: Site) -> Iterator[Desk]:
    desk = Desk(browser, site)
    yield desk
    desk.close()
    assert not desk.complaints, "\n".join(desk.complaints)


@pytest.fixture
def desk(chromium: Browser, site: Site) -> Iterator[Desk]:
    """Windows on this test's own site; any complaint fails the test."""
    yield from _desk(chromium, site)


@pytest.fixture
def viewer(chromium: Browser, shown: Site) -> Iterator[Desk]:
    """Windows on the site that is only looked at."""
    yield from _desk(chromium, shown)


def choose(page: Page, field: str, label: str) -> None:
    """Choose in a select as a person does, be it bare or with the search field over it."""
    control = page.locator(f"#{field}-ts-control")
    if control.count() == 0:
        option = page.locator(f"#{field} option", has_text=label).first
        page.select_option(f"#{field}", option.get_attribute("value"))
        return
    page.locator(f"#{field} + .ts-wrapper .ts-control").click()
    control.press_sequentially(label)
    page.locator(f"#{field}-ts-dropdown .option", has_text=label).first.click()
    # The search field takes the focus back a moment after the choice, and with it opens its list.
    page.wait_for_timeout(150)
    for _ in range(20):
        control.evaluate("field => field.blur()")
        page.wait_for_timeout(50)
        if page.locator(f"#{field}-ts-dropdown").is_hidden():
            return
    raise AssertionError(f"the list of {field} stays open")


def write(page: Page, selector: str, text: str) -> None:
    """Fill a field that follows a choice, until the text stands in it.

    The search field takes the focus back a moment after the choice, and what a script types in
    that moment lands there. People are slower.
    """
    for _ in range(20):
        page.fill(selector, text)
        if page.input_value(selector) == text:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{selector} does not take {text!r}")
