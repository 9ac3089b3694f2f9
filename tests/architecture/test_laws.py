"""The laws of the house that imports alone cannot show."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PURE = ("contracts", "credit", "channel/rules")
CLOCK_WORDS = {"today", "now", "utcnow", "time"}


def modules(*folders: str) -> list[Path]:
    return sorted(
        p for folder in folders for p in (ROOT / folder).rglob("*.py") if "versions" not in p.parts
    )


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_import_law():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_clock_and_no_float_in_the_cores():
    wrong = []
    for path in modules(*PURE):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in CLOCK_WORDS and not node.args:
                    wrong.append(f"{name(path)}:{node.lineno} {node.func.attr}()")
            elif isinstance(node, ast.Constant) and isinstance(node.value, float):
                wrong.append(f"{name(path)}:{node.lineno} {node.value}")
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float":
                wrong.append(f"{name(path)}:{node.lineno} float()")
    assert wrong == []


def test_the_date_comes_from_the_one_clock():
    wrong = [
        f"{name(path)}:{node.lineno}"
        for path in modules("channel")
        if path.name != "clock.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"today", "now", "utcnow"}
        and getattr(node.func.value, "id", "") in {"date", "datetime"}
    ]
    assert wrong == []


def test_only_the_unit_of_work_commits():
    wrong = [
        f"{name(path)}:{node.lineno}"
        for path in modules("channel")
        if name(path) not in {"channel/services/work.py", "channel/migrations/env.py"}
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert wrong == []


def test_below_the_web_nobody_knows_the_request():
    wrong = []
    for path in modules("channel/services", "channel/queries", "channel/models", "channel/rules"):
        text = path.read_text(encoding="utf-8")
        for word in ("current_user", "from flask import request", "flask.request", "url_for"):
            if word in text:
                wrong.append(f"{name(path)}: {word}")
    assert wrong == []


def test_use_cases_never_call_use_cases():
    shared = {"work", "steps", "jobs"}
    wrong = []
    for path in (ROOT / "channel" / "services").glob("*.py"):
        room = path.stem.split("_")[0]
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            if node.module == "channel.services":
                for alias in node.names:
                    other = alias.name
                    if other not in shared and other.split("_")[0] != room:
                        wrong.append(f"{name(path)} imports {other}")
            elif node.module.startswith("channel.services."):
                other = node.module.split(".")[2]
                if other not in shared and other.split("_")[0] != room:
                    wrong.append(f"{name(path)} imports {node.module}")
    assert wrong == []


def test_the_configuration_imports_nothing_of_ours():
    found = {
        node.module.split(".")[0]
        for node in ast.walk(tree(ROOT / "config.py"))
        if isinstance(node, ast.ImportFrom) and node.module
    }
    assert not found & {"channel", "contracts", "credit"}


def test_every_act_of_the_audit_trail_has_words():
    import channel.messages  # registers every room's acts
    import channel.services.jobs  # noqa: F401
    from channel.messages.acts import ACTS

    tags = set()
    for path in modules("channel/services"):
        tags |= set(re.findall(r'audit\(\s*"([a-z_]+:[a-z_]+)"', path.read_text("utf-8")))
    assert tags
    assert sorted(tags - ACTS.keys()) == []


def test_every_finding_code_has_a_sentence():
    """Codes in the cores, the rules and the use cases are all known to the messages."""
    import channel.messages  # noqa: F401
    from channel.messages.texts import TEXTS

    pattern = re.compile(r'(?:Finding|block|warn|info)\(\s*"([a-z_]+\.[a-z_]+)"')
    codes = set()
    for path in modules("contracts", "credit", "channel/rules", "channel/services"):
        codes |= set(pattern.findall(path.read_text("utf-8")))
    assert len(codes) > 60
    assert sorted(codes - TEXTS.keys()) == []


@pytest.mark.parametrize("folder", ["contracts", "credit", "channel", "tests"])
def test_files_stay_small_enough_to_read(folder):
    """About 300 lines; what is longer is split by what it is about. Tables of words and of test
    cases may be longer: nobody holds them in mind as a whole."""
    most = 420 if folder == "tests" else 330
    long = [
        (name(p), n)
        for p in modules(folder)
        if "messages" not in p.parts and (n := len(p.read_text("utf-8").splitlines())) > most
    ]
    assert long == []


def test_functions_stay_small_enough_to_see():
    long = []
    for path in modules("contracts", "credit", "channel"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 65:
                    long.append(f"{name(path)}:{node.lineno} {node.name} {length}")
    assert long == []


def test_every_module_opens_with_a_docstring():
    bare = [
        name(p)
        for p in modules("contracts", "credit", "channel")
        if p.read_text("utf-8").strip() and not ast.get_docstring(tree(p))
    ]
    assert bare == []


def test_no_module_is_named_after_nothing():
    banned = {"utils", "util", "helpers", "common", "manager", "misc"}
    assert [name(p) for p in modules("contracts", "credit", "channel") if p.stem in banned] == []


def test_every_entry_of_the_menu_has_a_key_of_its_own():
    from channel.web.navigation import MENU

    keys = [item.key for group in MENU for item in group.items]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_no_two_test_files_bear_one_name():
    """Pytest takes the second of them for the first and leaves it out."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(n for n in set(names) if names.count(n) > 1) == []
