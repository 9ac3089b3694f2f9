"""Vendored files are the bytes that `bin/vendor` wrote, and each stands in the manifest.

A page may only ask for what is shipped, so pointers to source maps and other hosts are refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "channel" / "static"
PACKAGES = json.loads((STATIC / "vendor" / "manifest.json").read_text("utf-8"))["packages"]
FILES = [(package["name"], file) for package in PACKAGES for file in package["files"]]
FREE = {"MIT", "0BSD", "Apache-2.0", "MPL-2.0", "OFL-1.1"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("name", "file"), FILES, ids=[file["path"] for _, file in FILES])
def test_file_has_the_bytes_of_the_manifest(name: str, file: dict[str, str]) -> None:
    data = (ROOT / file["path"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == file["sha256"], f"{name} was edited by hand"
    assert b"sourceMappingURL" not in data


def test_every_shipped_file_is_listed() -> None:
    listed = {file["path"] for _, file in FILES} | {"channel/static/vendor/manifest.json"}
    folders = (STATIC / "vendor", STATIC / "fonts", ROOT / "tests" / "vendor")
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == listed - {"channel/static/icons.svg"}


@pytest.mark.parametrize("package", PACKAGES, ids=[p["name"] for p in PACKAGES])
def test_package_is_free_and_brings_its_licence(package: dict[str, object]) -> None:
    assert package["licence"] in FREE
    files = package["files"]
    assert isinstance(files, list)
    assert any(Path(f["path"]).name.startswith(("LICENSE", "OFL")) for f in files)


def test_styles_ask_no_other_host() -> None:
    for sheet in (STATIC / "vendor").rglob("*.css"):
        text = sheet.read_text("utf-8")
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", text), sheet


def test_sprite_holds_named_symbols_only() -> None:
    root = ElementTree.parse(STATIC / "icons.svg").getroot()
    names = [symbol.get("id") for symbol in root]
    assert names == sorted(set(filter(None, names)))
    assert len(names) > 60
    for symbol in root:
        assert symbol.tag == f"{SVG}symbol"
        assert symbol.get("viewBox") == "0 0 24 24"
        assert symbol.get("stroke") == "currentColor"


@pytest.mark.parametrize(
    ("font", "text"),
    [
        ("NotoSansSC-Regular.ttf", "隆昌市壹拾柒佰仟萬零整镕喆¥￥→✓□■①—「」…·×≥±▲éß"),
        ("NotoSansSC-Bold.ttf", "隆昌市壹拾柒佰仟萬零整镕喆¥￥→✓□■①—「」…·×≥±▲éß"),
        ("NotoSans-Regular.ttf", "ŽłąřšőįĐ€₤—ΩЖ"),
        ("NotoSans-Bold.ttf", "ŽłąřšőįĐ€₤—ΩЖ"),
        ("NotoSansSC-web.woff2", "隆昌市壹拾柒佰仟零整¥￥→✓□■①—「」…·×≥±▲éß"),
    ],
)
def test_font_covers_the_signs_we_print(font: str, text: str) -> None:
    from fontTools.ttLib import TTFont

    with TTFont(STATIC / "fonts" / font, lazy=True) as opened:
        cmap = opened.getBestCmap()
    assert [sign for sign in text if ord(sign) not in cmap] == []


def test_print_fonts_are_static_truetype_and_cover_gbk() -> None:
    """WeasyPrint is slow on variable and on CFF fonts; GBK holds the rare signs of names."""
    from fontTools.ttLib import TTFont

    for weight in ("Regular", "Bold"):
        with TTFont(STATIC / "fonts" / f"NotoSansSC-{weight}.ttf", lazy=True) as font:
            assert "glyf" in font
            assert "fvar" not in font
            hanzi = [point for point in font.getBestCmap() if 0x4E00 <= point <= 0x9FFF]
        assert len(hanzi) >= 20902
