"""The npm packages that are vendored: exact version, licence and sha256 of the tarball.

Raise a pin here and run `bin/vendor`; docs/dependencies.md says why each is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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
LATIN_SOURCE = Package(
    "@expo-google-fonts/noto-sans",
    "0.4.2",
    "OFL-1.1",
    "98cf14a19b8e67a0e76bfd4d5df98937b9734e6dde570bd750f2259042042548",
    {},
)
FONT_SOURCE = Package(
    "@expo-google-fonts/noto-sans-sc",
    "0.4.3",
    "OFL-1.1",
    "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
    {},
)
