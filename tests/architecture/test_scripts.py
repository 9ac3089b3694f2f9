"""The scripts of bin/ are listed, parse, and pin what they install.

A stranger's machine has no registry of ours: the pins name packages and hashes, never a host.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(p for p in (ROOT / "bin").iterdir() if p.is_file() and p.name[0] != "_")
SHELL = [*SCRIPTS, ROOT / "bin" / "_env", ROOT / ".ci" / "run"]
PINS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt", ROOT / "bin" / "_uv.txt"]
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>[^\s;]+)(?P<rest>.*)$", re.M)


def direct(file: str) -> list[str]:
    """Names of the packages that a requirements*.in asks for itself."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return [re.split(r"[\[=<>~ ]", x)[0] for x in lines if x and x[0] not in "#-"]


def pins(file: Path) -> dict[str, str]:
    return {match["name"]: match["version"] for match in PIN.finditer(file.read_text("utf-8"))}


@pytest.mark.parametrize("script", SHELL, ids=lambda path: path.name)
def test_script_parses_and_may_run(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True)
    if script.name != "_env":
        assert os.access(script, os.X_OK)
        assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")


def test_help_lists_every_script_from_anywhere(tmp_path: Path) -> None:
    shown = subprocess.run(
        [ROOT / "bin" / "help"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert re.findall(r"^  bin/(\S+) +\S", shown, re.M) == [script.name for script in SCRIPTS]


@pytest.mark.parametrize("file", PINS, ids=lambda path: path.name)
def test_pins_have_hashes_and_name_no_host(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(r"://|find-links|index-url|file:|trusted-host| @ ", text)
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert blocks
    for block in blocks:
        assert PIN.match(block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_every_direct_dependency_is_pinned_and_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    for wanted, pinned in (("requirements.in", PINS[0]), ("requirements-dev.in", PINS[1])):
        for name in direct(wanted):
            assert name in pins(pinned), f"{name}: run bin/lock"
            assert f"| {name} |" in reasons, f"{name}: say in docs/dependencies.md why it is there"


def test_development_has_the_versions_of_production() -> None:
    runtime, development = pins(PINS[0]), pins(PINS[1])
    assert runtime == {name: development.get(name) for name in runtime}


def test_scripts_name_no_place_of_a_machine() -> None:
    for script in SHELL:
        text = script.read_text("utf-8")
        assert not re.search(r"/home/|/root\b|https?://(?![$%])", text), script.name
