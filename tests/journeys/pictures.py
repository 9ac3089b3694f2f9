"""Pictures of every page into docs/pictures, with an index: `python -m tests.journeys.pictures`.

They show the demo world as of a fixed day, so that they change only when the product does.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from channel.demo.cast import PASSWORD
from channel.services import jobs
from tests.journeys.gallery import IDS, SHOTS, Shot
from tests.journeys.live import FILE, Site, find_chromium, launch, load_demo, serve

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LANGUAGES = {"zh": "zh_CN", "en": "en"}
#: Longer pages are cut: a picture shows what a page is, not all of it.
TALLEST = {1280: 2200, 390: 2600}
#: What a visitor sees before scrolling; the menu reaches down to the end of a longer picture.
HEIGHT = {1280: 820, 390: 844}
COLOURS = 128

BAD_FILE = """产品编码,批次,生产日期,期初,进货,出货,损耗,期末,差异说明
A,261102,2026-11-02,120,200,180,5,140,
B,261105,2026-11-05,80,160,150,0,90,
N,261108,2026/13/08,30,四十,50,0,20,
X9,,,10,0,4,0,6,
"""


def fill_order(page: Page, artist: Photographer) -> None:
    """An order beyond the free credit, so that the verdict has something to say."""
    for n, quantity in enumerate(("200", "150")):
        page.locator(f"[name=product-{n}]").select_option(index=n + 1)
        page.locator(f"[name=quantity-{n}]").fill(quantity)
        page.keyboard.press("Tab")
    page.locator("#verdict .figure").wait_for()
    page.wait_for_load_state("networkidle")


def upload(page: Page, artist: Photographer) -> None:
    file = {"name": "进销存十月.csv", "mimeType": "text/csv", "buffer": BAD_FILE.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form:has(input[type=file]) [data-save]").click()
    page.locator("#mend").wait_for()


def make_files(page: Page, artist: Photographer) -> None:
    page.locator("main form button").first.click()
    page.locator("#job").wait_for()
    with artist.site.inside():
        jobs.run_next()
    page.reload()


def open_palette(page: Page, artist: Photographer) -> None:
    page.keyboard.press("Control+k")
    page.locator("#palette input").press_sequentially("D3")
    page.locator("#palette-results a").first.wait_for()
    page.wait_for_load_state("networkidle")


def open_lines(page: Page, artist: Photographer) -> None:
    """The distributor's draft is submitted first, so that there is something to ship."""
    portal = artist.window("d1", 1280, "zh")
    portal.goto(artist.site.url + "/orders/{draft}".format(**artist.ids))
    portal.locator("button[value=submit]").first.click()
    portal.wait_for_load_state()
    page.reload()


STEPS: dict[str, Callable[[Page, Photographer], None]] = {
    "order": fill_order,
    "upload": upload,
    "job": make_files,
    "palette": open_palette,
    "open_lines": open_lines,
}


class Photographer:
    """Keeps one signed-in window for each user, width and language."""

    def __init__(self, browsers: dict[str, Browser], site: Site, database: Path) -> None:
        self.browsers, self.site = browsers, site
        with sqlite3.connect(database) as connection:
            self.ids = {key: connection.execute(sql).fetchone()[0] for key, sql in IDS.items()}
        self.windows: dict[tuple[str, int, str], Page] = {}
        self.complaints: list[str] = []

    def window(self, user: str, width: int, lang: str) -> Page:
        key = (user, width, lang)
        if key in self.windows:
            return self.windows[key]
        context = self.browsers[lang].new_context(
            viewport={"width": width, "height": HEIGHT[width]},
            locale="zh-CN" if lang == "zh" else "en-GB",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(self.site.url + "/login")
        if user:
            page.fill("#email", f"{user}@weir.example")
            page.fill("#password", PASSWORD)
            page.click("main button.btn-primary")
            page.wait_for_selector(".topbar")
        context.add_cookies([{"name": "weir_lang", "value": LANGUAGES[lang], "url": self.site.url}])
        self.windows[key] = page
        return page

    def take(self, shot: Shot, width: int, lang: str) -> Path:
        page = self.window(shot.user, width, lang)
        page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        answer = page.goto(self.site.url + shot.path.format(**self.ids))
        expected = 404 if shot.name == "not-found" else 200
        if answer is None or answer.status != expected:
            self.complaints.append(f"{shot.name}: status {answer and answer.status}")
        if shot.act:
            STEPS[shot.act](page, self)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready.then(() => null)")
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.mouse.move(0, 0)  # nothing looks as if pointed at
        over = page.evaluate("document.documentElement.scrollWidth") - width
        if over > 0:
            self.complaints.append(f"{shot.name} {width} {lang}: {over} px too wide")
        file = FOLDER / f"{shot.name}-{width}-{lang}.png"
        if shot.act != "palette":
            tall = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size(
                {"width": width, "height": max(HEIGHT[width], min(tall, TALLEST[width]))}
            )
        _keep(page.screenshot(), file, TALLEST[width])
        return file

    def papers(self) -> None:
        """Each page of a statement's PDF."""
        page = self.window("fin", 1280, "zh")
        for lang in LANGUAGES:
            path = f"/rebates/statements/{self.ids['statement']}/statement.pdf?lang={lang}"
            data = page.context.request.get(self.site.url + path).body()
            with tempfile.TemporaryDirectory() as folder:
                pdf = Path(folder) / "statement.pdf"
                pdf.write_bytes(data)
                subprocess.run(
                    ["pdftoppm", "-r", "80", "-png", str(pdf), f"{folder}/p"], check=True
                )
                for n, found in enumerate(sorted(Path(folder).glob("p*.png")), 1):
                    _keep(found.read_bytes(), FOLDER / f"pdf-statement-{n}-{lang}.png", 5000)


def _keep(data: bytes, file: Path, tallest: int) -> None:
    """As a PNG of few colours, cut to the height that is shown."""
    image: Any = Image.open(io.BytesIO(data)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, tallest)))
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def index() -> str:
    """docs/pictures/README.md: what each picture shows and where it is."""
    lines = [
        "# Pictures of every page",
        "",
        "Made by `bin/pictures` from the demo world as of 2026-11-21; every name is made up.",
        "How dates stand in empty fields is the browser's own language, not the page's.",
        "",
        "| page | address | signed in as | 1280 zh | 390 zh | 1280 en | 390 en |",
        "|---|---|---|---|---|---|---|",
    ]
    for shot in SHOTS:
        cells = []
        for lang, width in (("zh", 1280), ("zh", 390), ("en", 1280), ("en", 390)):
            name = f"{shot.name}-{width}-{lang}.png"
            cells.append(f"[picture]({name})" if (FOLDER / name).exists() else "")
        path = shot.path.partition("?")[0]
        lines.append(
            f"| {shot.shows} | `{path}` | {shot.user or 'nobody'} | " + " | ".join(cells) + " |"
        )
    lines += ["", "| paper | Chinese | English |", "|---|---|---|"]
    for file in sorted(FOLDER.glob("pdf-statement-*-zh.png")):
        n = file.stem.split("-")[2]
        lines.append(
            f"| Rebate statement, page {n} | [picture]({file.name}) "
            f"| [picture](pdf-statement-{n}-en.png) |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/pictures", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pages; all unless given")
    parser.add_argument("--var", type=Path, help="a folder with a loaded demo world")
    wanted = parser.parse_args()
    if not find_chromium() or not shutil.which("pdftoppm"):
        sys.exit("weir: pictures need chromium and poppler-utils; bin/setup installs them")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        if wanted.var:
            shutil.copyfile(wanted.var / FILE, var / FILE)
        else:
            load_demo(var)
        with serve(var) as site, sync_playwright() as playwright:
            browsers = {lang: launch(playwright, name) for lang, name in LANGUAGES.items()}
            artist = Photographer(browsers, site, var / FILE)
            _take_all(artist, set(wanted.names))
            for browser in browsers.values():
                browser.close()
    (FOLDER / "README.md").write_text(index(), "utf-8")
    for complaint in artist.complaints:
        print(f"weir: {complaint}", file=sys.stderr)
    return 1 if artist.complaints else 0


def _take_all(artist: Photographer, names: set[str]) -> None:
    for shot in SHOTS:
        if names and shot.name not in names:
            continue
        views = [(1280, "zh")]
        if shot.main:
            views += [(390, "zh"), (1280, "en"), (390, "en")]
        for width, lang in views:
            artist.take(shot, width, lang)
    if not names or "pdf" in names:
        artist.papers()


if __name__ == "__main__":
    raise SystemExit(main())
