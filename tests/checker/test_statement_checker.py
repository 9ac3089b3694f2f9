"""The checker agrees with the engine on every formula, and finds every figure that is changed."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_rebates import formulas, statement_facts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "documents"))

from second_edition import FORMULAS, a_formula, a_second, judged, two_products

from channel.checker.files import NoStatement, statements_in
from channel.checker.recount import check
from channel.checker.words import FAULTS, NOT_READ, UNCHECKED, report
from channel.documents.machine import statement_json
from channel.documents.rebate import render_rebate_statement

pytestmark = pytest.mark.row("E09", "E10")


def file_of(made: Any) -> Any:
    return json.loads(statement_json(*made))


def sealed(file: Any) -> Any:
    """The file with hashes that fit its content: a forger computes them anew."""
    doc = file["document"]
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file["document_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return file


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_holds(name: str) -> None:
    verdict = check(file_of(a_formula(name)))
    assert verdict.holds, verdict.faults
    assert verdict.unchecked == ()


def test_conditions_parts_and_what_was_granted_before_hold() -> None:
    for made in (judged(), two_products(), a_formula("whole", granted_before_fen=300_000)):
        verdict = check(file_of(made))
        assert verdict.holds, verdict.faults


@given(st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_it_agrees_with_the_engine_on_any_terms_and_facts(data: st.DataObject) -> None:
    terms = data.draw(formulas())
    facts = data.draw(statement_facts(terms))
    verdict = check(file_of(a_second(terms, facts)))
    assert verdict.holds, (terms, facts, verdict.faults)


#: Figures that only say something; changing them changes no other figure.
_FREE = {"version", "edition", "objection_days"}


def figures(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all figures: whole numbers, and texts that are decimal numbers."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key not in _FREE:
                yield from figures(value, (*path, key))
    elif isinstance(content, list):
        for at, value in enumerate(content):
            yield from figures(value, (*path, at))
    elif isinstance(content, bool):
        return
    elif isinstance(content, int) or _is_decimal(content):
        yield path


def _is_decimal(content: Any) -> bool:
    return isinstance(content, str) and content.removeprefix("-").replace(".", "", 1).isdigit()


def changed(file: Any, path: tuple[Any, ...]) -> Any:
    """The file with one figure a little larger, and hashes that fit again."""
    file = copy.deepcopy(file)
    place = file["document"]
    for step in path[:-1]:
        place = place[step]
    value = place[path[-1]]
    more = 100 if str(path[-1]).endswith("_e4") else 1
    place[path[-1]] = value + more if isinstance(value, int) else _larger(value)
    return sealed(file)


def _larger(text: str) -> str:
    """A text whose last digit is another; ours are longer by one decimal otherwise."""
    last = text[-1]
    return text[:-1] + ("1" if last == "0" else str((int(last) + 1) % 10 or 9))


@pytest.mark.parametrize("name", [*FORMULAS, "judged", "two products"])
def test_any_single_changed_figure_is_found(name: str) -> None:
    made = judged() if name == "judged" else two_products() if " " in name else a_formula(name)
    file = file_of(made)
    unseen = []
    for path in figures(file["document"]):
        if path[0] in ("names", "maker", "distributor", "verify"):
            continue
        if check(changed(file, path)).holds:
            unseen.append(path)
    # What the formula does not read has no effect that could be found but by the hash.
    assert all(_is_idle(path) for path in unseen), unseen


def _is_idle(path: tuple[Any, ...]) -> bool:
    """A quantity where the formula counts money; the rate of a tax on nothing."""
    return path[-1] in ("quantity", "rate_bp")


def test_a_changed_term_is_found_by_the_hash_of_the_terms() -> None:
    file = file_of(judged())
    terms = copy.deepcopy(file["document"]["terms"])
    text = json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file["document"]["policy"]["terms_hash"] = hashlib.sha256(text.encode()).hexdigest()
    assert check(sealed(file)).holds
    file["document"]["terms"]["name"] = "other"
    assert "terms_hash" in {fault.code for fault in check(sealed(file)).faults}


def test_a_change_without_a_new_hash_is_found_by_the_hash() -> None:
    file = file_of(judged())
    file["document"]["prepared_by"] = "someone else"
    assert [fault.code for fault in check(file).faults] == ["hash"]


@pytest.mark.parametrize(
    ("key", "more", "code"),
    [("value_e4", 100, "lines_base"), ("share_fen", 1, "share"), ("quantity", 1, "lines_hash")],
)
def test_a_changed_line_is_found(key: str, more: int, code: str) -> None:
    file = file_of(judged())
    file["lines"][1][key] += more
    assert code in {fault.code for fault in check(file).faults}


def test_a_line_left_out_is_found() -> None:
    file = file_of(judged())
    del file["lines"][0]
    assert {"lines_count", "lines_hash", "lines_base"} <= {f.code for f in check(file).faults}


@pytest.mark.parametrize(
    "wrong",
    [
        [], {}, {"format": "weir.rebate-statement"}, {"format": "other"}, 5, "x", None,
        {"format": "weir.rebate-statement", "format_version": 1, "document": {"number": "x"}},
        {"format": "weir.rebate-statement", "format_version": 2, "document": {}},
    ],
)  # fmt: skip
def test_what_is_no_statement_does_not_hold(wrong: Any) -> None:
    verdict = check(wrong)
    assert not verdict.holds
    assert report("file", verdict, "zh") and report("file", verdict, "en")


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_whatever_stands_in_a_place_the_answer_is_a_verdict(data: st.DataObject) -> None:
    file = file_of(judged())
    place = file
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()) or not isinstance(place[key], dict | list) or not place[key]:
            place[key] = data.draw(
                st.sampled_from([None, "x", "NaN", "1e999", -1, [], {}, True, "", "1/3", 10**40])
            )
            break
        place = place[key]
    verdict = check(file)
    assert report("file", verdict, "en")


def test_the_pdf_and_the_archive_hold_what_the_json_says() -> None:
    doc, annex = judged()
    pdf = render_rebate_statement(doc, "bi", annex)
    ((_name, parsed),) = statements_in("RS.pdf", pdf)
    assert parsed == file_of((doc, annex))
    assert check(parsed).holds
    for names in (["a.pdf"], ["a.pdf", "a.json", "list.csv"]):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                data = pdf if name.endswith("pdf") else statement_json(doc, annex)
                archive.writestr(name, data)
        found = list(statements_in("batch.zip", packed.getvalue()))
        assert len(found) == 1
        assert check(found[0][1]).holds


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "kind"), (b"{", "json"), (b"%PDF-1.7 nothing", "pdf"), (b"PK\x03\x04rest", "zip"),
     (b"\xff\xfe{", "kind")],
)  # fmt: skip
def test_a_file_without_a_statement_says_why(data: bytes, code: str) -> None:
    with pytest.raises(NoStatement) as caught:
        list(statements_in("x", data))
    assert caught.value.code == code


def test_every_word_of_the_checker_stands_in_both_languages() -> None:
    for table in (FAULTS, NOT_READ, UNCHECKED):
        for zh, en in table.values():
            assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
            assert en.isascii()


def test_an_early_statement_is_checked_as_far_as_it_goes() -> None:
    from statements import a_statement

    file = file_of((a_statement(), None))
    verdict = check(file)
    assert verdict.holds
    assert set(verdict.unchecked) == {"lines", "facts"}
    file["document"]["steps"][1]["facts"]["amount"]["decimal"] = "2400.01"
    assert "steps" in {fault.code for fault in check(sealed(file)).faults}


def test_the_command_says_whether_it_holds_and_ends_with_a_code(world: Any, tmp_path: Path) -> None:
    runner = world.app.test_cli_runner()
    path = tmp_path / "RS.json"
    path.write_bytes(statement_json(*judged()))
    done = runner.invoke(args=["verify-statement", str(path)])
    assert (done.exit_code, "成立：RS-2026-0001" in done.output) == (0, True)
    file = file_of(judged())
    file["document"]["amount_fen"] += 1
    path.write_text(json.dumps(sealed(file)), encoding="utf-8")
    done = runner.invoke(args=["verify-statement", "--lang", "en", str(path)])
    assert done.exit_code == 1
    assert "DOES NOT HOLD" in done.output
    assert "earned less granted is not the amount: amount_fen says 112,001" in done.output
    path.write_text("nothing", encoding="utf-8")
    assert runner.invoke(args=["verify-statement", str(path)]).exit_code == 2
