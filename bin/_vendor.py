"""Copies pinned npm tarballs into the tree: scripts, styles, an icon sprite and font subsets.

The same pins give the same bytes, and `channel/static/vendor/manifest.json` names every file with
its package, version, licence and sha256, which tests/architecture/test_vendor.py checks.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "channel" / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"
FONTS = STATIC / "fonts"
SPRITE = STATIC / "icons.svg"


@dataclass(frozen=True)
class Package:
    """One pinned npm package and what is taken of it.

    `files` maps the name in the tarball to the name here, inside `folder`/NAME-VERSION.
    """

    name: str
    version: str
    licence: str
    sha256: str
    files: dict[str, str]
    folder: str = "channel/static/vendor"

    @property
    def tarball(self) -> str:
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"

    @property
    def directory(self) -> Path:
        short = "tabler-core" if self.name == "@tabler/core" else self.name
        return ROOT / self.folder / f"{short}-{self.version}"


PACKAGES = (
    Package(
        "@tabler/core",
        "1.6.1",
        "MIT",
        "d02d679e51f6c179b21f035e154c13cdcb2ae8b18579e56ea606408ba7fc7a87",
        {"dist/css/tabler.min.css": "tabler.min.css", "dist/js/tabler.min.js": "tabler.min.js"},
    ),
    Package(
        "htmx.org",
        "2.0.10",
        "0BSD",
        "577ad40c1c94c9de47edb89e0aec78a8353d36024c50017eb53e02992a55e889",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
    ),
    Package(
        "uplot",
        "1.6.32",
        "MIT",
        "4b8a8191e425658e3ea8c8c1314b0fc679c861ee3a1af2b20c7b16ba50b5133d",
        {
            "dist/uPlot.iife.min.js": "uPlot.iife.min.js",
            "dist/uPlot.min.css": "uPlot.min.css",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "tom-select",
        "2.6.2",
        "Apache-2.0",
        "91e3a429b42d9163e8ade96f3603109d3b7faa7f9b1a5259fa30f8f4b162415a",
        {
            "dist/js/tom-select.complete.min.js": "tom-select.complete.min.js",
            "dist/css/tom-select.bootstrap5.min.css": "tom-select.bootstrap5.min.css",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        {
            "axe.min.js": "axe.min.js",
            "LICENSE": "LICENSE",
            "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt",
        },
        folder="tests/vendor",
    ),
)
ICON_SOURCE = Package(
    "@tabler/icons",
    "3.51.0",
    "MIT",
    "b30108713d3fa60aee862c2a133225da8e0f309be0708fe2925763ff810c766c",
    {},
)
FONT_SOURCE = Package(
    "@expo-google-fonts/noto-sans-sc",
    "0.4.3",
    "OFL-1.1",
    "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
    {},
)

# One name a line; a page draws one with <svg><use href="icons.svg#NAME"/></svg>.
ICONS = Path(__file__).with_name("_vendor_icons.txt").read_text("utf-8").split()

# Tabler's own tarball carries no licence file: these lines stand in its banners, and the words of
# the MIT licence are those of the icons by the same author.
TABLER_COPYRIGHT = """MIT License

Copyright (c) 2018-2026 The Tabler Authors
Copyright (c) 2018-2026 codecalm.net Paweł Kuna

The bundle contains Bootstrap, Copyright (c) 2011-2026 The Bootstrap Authors, and Popper,
Copyright (c) 2019 Federico Zivolo, both under the same licence.

"""

SOURCE_MAP = re.compile(rb"\n?(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\n*]*(?:\*/)?[ \t]*")

# Blocks of Unicode (inclusive); a font keeps what it has of them.
SYMBOLS = (
    (0x0020, 0x024F),  # Latin, with all its accents
    (0x02B0, 0x036F),
    (0x0370, 0x052F),  # Greek and Cyrillic
    (0x1E00, 0x1EFF),
    (0x2000, 0x22FF),  # punctuation, currency, arrows, mathematics
    (0x2460, 0x25FF),  # enclosed figures, boxes, shapes
    (0x2600, 0x27BF),  # stars, the check mark
    (0x3000, 0x303F),
    (0x3040, 0x312F),
    (0x31A0, 0x33FF),
    (0xFF00, 0xFFEF),
)
WEB_SYMBOLS = (
    (0x0020, 0x024F),
    (0x2000, 0x206F),
    (0x20A0, 0x20CF),
    (0x2190, 0x2193),
    (0x2200, 0x22FF),
    (0x2460, 0x2473),
    (0x25A0, 0x25CF),
    (0x2600, 0x27BF),
    (0x3000, 0x301F),
    (0xFF00, 0xFFEF),
)


def opened(package: Package, tarballs: Path) -> tarfile.TarFile:
    """The tarball of `package`; SystemExit when its sha256 is not the pinned one."""
    data = (tarballs / package.tarball).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != package.sha256:
        sys.exit(f"{package.tarball}: sha256 is {found}, pinned is {package.sha256}")
    return tarfile.open(fileobj=io.BytesIO(data), mode="r:gz")


def member(tar: tarfile.TarFile, name: str) -> bytes:
    """The bytes of package/NAME in the tarball."""
    stream = tar.extractfile(f"package/{name}")
    if stream is None:
        sys.exit(f"{name}: not a file in the tarball")
    return stream.read()


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"  {path.relative_to(ROOT)}  {len(data):,} bytes")
    return path


def copy_package(package: Package, tarballs: Path) -> list[Path]:
    """Writes the wanted files of a package, without pointers to source maps we do not ship."""
    written = []
    with opened(package, tarballs) as tar:
        for source, target in package.files.items():
            data = SOURCE_MAP.sub(b"", member(tar, source))
            written.append(write(package.directory / target, data))
    if package.name == "@tabler/core":
        with opened(ICON_SOURCE, tarballs) as tar:
            words = member(tar, "LICENSE").decode()
        text = TABLER_COPYRIGHT + words[words.index("Permission is hereby") :]
        written.append(write(package.directory / "LICENSE", text.encode()))
    return written


def make_sprite(tarballs: Path) -> list[Path]:
    """One SVG with a symbol per icon, drawn with the colour of the text around it."""
    with opened(ICON_SOURCE, tarballs) as tar:
        nodes = json.loads(member(tar, "tabler-nodes-outline.json"))
        licence = member(tar, "LICENSE")
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    ]
    for name in sorted(ICONS):
        shapes = "".join(
            f"<{tag} " + " ".join(f"{k}={quoteattr(str(v))}" for k, v in attrs.items()) + "/>"
            for tag, attrs in nodes[name]
        )
        # Repeated on each symbol: <use> takes the properties of its own surroundings.
        lines.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
            f' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    lines.append("</svg>\n")
    return [
        write(SPRITE, "\n".join(lines).encode()),
        write(STATIC / "vendor" / f"tabler-icons-{ICON_SOURCE.version}" / "LICENSE", licence),
    ]


def characters(codec: str, blocks: tuple[tuple[int, int], ...]) -> set[int]:
    """Code points of a two-byte Chinese character set together with blocks of symbols."""
    wanted = {point for first, last in blocks for point in range(first, last + 1)}
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                wanted.add(ord(bytes((high, low)).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                continue
    return wanted


def subset(ttf: bytes, points: set[int], flavour: str | None) -> bytes:
    """A smaller font of the same design; the file's own dates stay, so the bytes repeat."""
    from fontTools import subset as subsetting
    from fontTools.ttLib import TTFont

    options = subsetting.Options(hinting=False, name_IDs=["*"], notdef_outline=True)
    options.layout_features = ["ccmp", "kern", "mark", "mkmk"]
    options.recalc_timestamp = False
    font = TTFont(io.BytesIO(ttf), recalcTimestamp=False)
    worker = subsetting.Subsetter(options)
    worker.populate(unicodes=points)
    worker.subset(font)
    font.flavor = flavour
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def make_fonts(tarballs: Path) -> list[Path]:
    """Two TrueType weights for the PDFs (GBK) and one woff2 for pages (GB 2312)."""
    with opened(FONT_SOURCE, tarballs) as tar:
        regular = member(tar, "400Regular/NotoSansSC_400Regular.ttf")
        bold = member(tar, "700Bold/NotoSansSC_700Bold.ttf")
        licence = member(tar, "LICENSE_FONT")
    print_points = characters("gbk", SYMBOLS)
    web_points = characters("gb2312", WEB_SYMBOLS)
    return [
        write(FONTS / "NotoSansSC-Regular.ttf", subset(regular, print_points, None)),
        write(FONTS / "NotoSansSC-Bold.ttf", subset(bold, print_points, None)),
        write(FONTS / "NotoSansSC-web.woff2", subset(regular, web_points, "woff2")),
        write(FONTS / "OFL.txt", licence),
    ]


def entry(package: Package, written: list[Path]) -> dict[str, object]:
    """A manifest entry; paths are relative to the project."""
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "tarball_sha256": package.sha256,
        "files": [
            {
                "path": path.relative_to(ROOT).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(written)
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the pins, one a line")
    parser.add_argument("--from", dest="tarballs", type=Path, help="folder of the tarballs")
    arguments = parser.parse_args()
    if arguments.list:
        for package in (*PACKAGES, ICON_SOURCE, FONT_SOURCE):
            print(f"{package.name}@{package.version}")
        return
    for folder in (STATIC / "vendor", ROOT / "tests" / "vendor", FONTS):
        shutil.rmtree(folder, ignore_errors=True)
    entries = [entry(p, copy_package(p, arguments.tarballs)) for p in PACKAGES]
    entries.append(entry(ICON_SOURCE, make_sprite(arguments.tarballs)))
    entries.append(entry(FONT_SOURCE, make_fonts(arguments.tarballs)))
    text = json.dumps({"packages": entries}, indent=2, ensure_ascii=False) + "\n"
    write(MANIFEST, text.encode())


if __name__ == "__main__":
    main()
