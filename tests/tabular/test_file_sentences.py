"""Every finding about a file has its sentence, in both languages, with the facts it really has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from channel.messages import catalogue, remedy, sentence
from channel.messages.files import REASONS
from channel.messages.texts import TEXTS
from channel.tabular.kinds import KINDS, Context, Mapping, read_kind
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table
from channel.tabular.tables import TableRefused

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"\"((?:file|cell|column|row)\.[a-z_]+)\"")


def codes_in_the_source() -> set[str]:
    found = set()
    for path in (ROOT / "channel" / "tabular").rglob("*.py"):
        found.update(CODE.findall(path.read_text(encoding="utf-8")))
    cells = {code.removeprefix("cell.") for code in found if code.startswith("cell.")}
    cells |= {"uscc_shape", "uscc_check"}
    found |= {f"{place}.{cell}" for cell in cells for place in ("cell", "column")}
    return found | {f"{place}.{what}" for place in ("row", "column")
                    for what in ("amount_differs", "tax_implausible")}  # fmt: skip


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    known = {code for code in TEXTS if code.split(".")[0] in ("file", "cell", "column", "row")}
    assert codes_in_the_source() <= known
    assert {f"cell.{reason}" for reason in REASONS} <= codes_in_the_source()


def test_every_sentence_has_its_chinese_with_the_same_facts() -> None:
    catalog = {str(m.id): str(m.string) for m in catalogue.merged() if m.id}
    source = (ROOT / "channel" / "messages" / "files.py").read_text(encoding="utf-8")
    for text in re.findall(r"_l\(\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)\)", source):
        msgid = "".join(
            part.replace('\\"', '"') for part in re.findall(r'"((?:[^"\\]|\\.)*)"', text)
        )
        chinese = catalog[msgid]
        facts = set(re.findall(r"%\((\w+)\)s", chinese))
        assert facts <= set(re.findall(r"%\((\w+)\)s", msgid)) | {"column"}, msgid
        assert not re.search(r"[\u4e00-\u9fff][,;:?!(]|[,;:(][\u4e00-\u9fff]", chinese), chinese


REFUSED = [
    (b"", "a.csv"), (b"a,b\n", "a.pdf"), (b"x", "a.xlsm"), (b"1,2\n3,4\n", "a.csv"),
    (b"a,,c\n1,2,3\n", "a.csv"), (b"a,b,a\n1,2,3\n", "a.csv"), (b'a,b\n"1,2\n', "a.csv"),
    (b"a,b\n" + b"1,2\n" * 20 + b"1,2,3,4\n", "a.csv"), (b"PK\x03\x04rest", "a.xlsx"),
    ("naïve,b\nMüller,ü\n".encode("latin-1"), "a.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name"), REFUSED)
def test_refusals_fill_their_sentence(data: bytes, name: str) -> None:
    with pytest.raises(TableRefused) as caught:
        read_table(data, name)
    told = sentence(caught.value.finding())
    assert name in told or "a.csv" in told
    assert "%(" not in told + remedy(caught.value.finding())


HEAD = "发票号,行号,开票日期,经销商编码,产品编码,数量,单价,不含税金额,税额,币种\n"
ROWS = [
    "I1,1,soon,D1,A,3,10,30,4,CNY",
    "I2,1,2026-08-02,D9,A,3,10,31,4,CNY",
    "I3,1,2026-08-02,D1,A,3,10,31,4,CNY",
    "I4,1,2026-08-02,D1,A,3,10,30,40,CNY",
    "I4,1,2026-08-02,D1,A,-3,10,-30,-4,CNY",
    "I5,1,05/06/2026,D1,A,1E+5,10.123456,,4,yuan",
    "合计,,,,,,,,,",
]


def test_findings_of_rows_fill_their_sentence() -> None:
    texts = [HEAD + "\n".join(ROWS), HEAD + "\n".join(row for row in ROWS if "D9" not in row)]
    texts.append(HEAD + "\n".join(ROWS[0].replace("I1", f"I{n}") for n in range(40)))
    for text in texts:
        table = read_table(text.encode(), "a.csv")
        mapping = propose(table.header, KINDS["invoices"].fields, Mapping())
        result = read_kind("invoices", table, mapping,
                           Context(known={"distributor": frozenset({"D1"})}))  # fmt: skip
        assert result.findings
        for found in result.findings:
            told = sentence(found)
            assert "%(" not in told
            assert not told.startswith("Rule "), found.code
            assert "row" not in found.facts or str(found.facts["row"]) in told
