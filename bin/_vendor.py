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
from pathlib import Path
from xml.sax.saxutils import quoteattr

from _vendor_pins import FONT_SOURCE, ICON_SOURCE, LATIN_SOURCE, PACKAGES, ROOT, Package

STATIC = ROOT / "channel" / "static"
MANIFEST = STATIC / "vendor" / "manifest.json"
FONTS = STATIC / "fonts"
SPRITE = STATIC / "icons.svg"


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
ALPHABETS = (
    (0x0020, 0x024F),  # Latin, with all its accents
    (0x02B0, 0x052F),  # Greek and Cyrillic
    (0x1E00, 0x1EFF),
    (0x2000, 0x20CF),  # punctuation, currency
)
SYMBOLS = (
    *ALPHABETS,
    (0x2100, 0x22FF),  # arrows, mathematics
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
    wanted = block_points(blocks)
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


def block_points(blocks: tuple[tuple[int, int], ...]) -> set[int]:
    return {point for first, last in blocks for point in range(first, last + 1)}


def weights(source: Package, stem: str, tarballs: Path) -> tuple[bytes, bytes, bytes]:
    """Regular, bold and the licence out of a font package."""
    with opened(source, tarballs) as tar:
        return (
            member(tar, f"400Regular/{stem}_400Regular.ttf"),
            member(tar, f"700Bold/{stem}_700Bold.ttf"),
            member(tar, "LICENSE_FONT"),
        )


def make_latin(tarballs: Path) -> list[Path]:
    """The letters that the Chinese font lacks: Polish, Czech, Baltic names and the like."""
    regular, bold, licence = weights(LATIN_SOURCE, "NotoSans", tarballs)
    points = block_points(ALPHABETS)
    return [
        write(FONTS / "NotoSans-Regular.ttf", subset(regular, points, None)),
        write(FONTS / "NotoSans-Bold.ttf", subset(bold, points, None)),
        write(FONTS / "OFL-NotoSans.txt", licence),
    ]


def make_fonts(tarballs: Path) -> list[Path]:
    """Two TrueType weights for the PDFs (GBK) and one woff2 for pages (GB 2312)."""
    regular, bold, licence = weights(FONT_SOURCE, "NotoSansSC", tarballs)
    print_points = characters("gbk", SYMBOLS)
    web_points = characters("gb2312", WEB_SYMBOLS)
    return [
        write(FONTS / "NotoSansSC-Regular.ttf", subset(regular, print_points, None)),
        write(FONTS / "NotoSansSC-Bold.ttf", subset(bold, print_points, None)),
        write(FONTS / "NotoSansSC-web.woff2", subset(regular, web_points, "woff2")),
        write(FONTS / "OFL-NotoSansSC.txt", licence),
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
        for package in (*PACKAGES, ICON_SOURCE, FONT_SOURCE, LATIN_SOURCE):
            print(f"{package.name}@{package.version}")
        return
    for folder in (STATIC / "vendor", ROOT / "tests" / "vendor", FONTS):
        shutil.rmtree(folder, ignore_errors=True)
    entries = [entry(p, copy_package(p, arguments.tarballs)) for p in PACKAGES]
    entries.append(entry(ICON_SOURCE, make_sprite(arguments.tarballs)))
    entries.append(entry(FONT_SOURCE, make_fonts(arguments.tarballs)))
    entries.append(entry(LATIN_SOURCE, make_latin(arguments.tarballs)))
    text = json.dumps({"packages": entries}, indent=2, ensure_ascii=False) + "\n"
    write(MANIFEST, text.encode())


if __name__ == "__main__":
    main()
