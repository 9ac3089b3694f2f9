"""CSV and its relatives, read as text: encoding and delimiter are found, nothing is guessed at.

A row with more cells than the header, or a quote that never closes, refuses the file: half a
file is worse than none.
"""

from __future__ import annotations

import csv
import io
import re

import pandas as pd

from channel.tabular.tables import TableRefused

DELIMITERS = (",", "\t", ";", "|")
_SEP_LINE = re.compile(r"sep=(.)\r?\n")
_TOKENIZER = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding): byte order marks first, then UTF-8, then GB 18030 if it reads as Chinese.

    Raises TableRefused("file.encoding") when none fits.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"),
                       (b"\xfe\xff", "utf-16")):  # fmt: skip
        if data.startswith(mark):
            return _strictly(data, name), name
    if name := _bare_utf_16(data):
        return _strictly(data, name), name
    try:
        text, name = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, name = _strictly(data, "gb18030"), "gb18030"
        if not _reads_as_chinese(text):
            raise TableRefused("file.encoding", {}) from None
    if "\0" in text:
        raise TableRefused("file.unreadable", {"reason": "NUL"})
    return text, name


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise TableRefused("file.encoding", {}) from None


def _bare_utf_16(data: bytes) -> str:
    """utf-16-le or -be when the zero bytes of ASCII letters stand on one side only, else ''."""
    sample = data[:2000]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * len(sample) / 2 and even == 0:
        return "utf-16-le"
    if even > 0.3 * len(sample) / 2 and odd == 0:
        return "utf-16-be"
    return ""


def _reads_as_chinese(text: str) -> bool:
    """GB 18030 decodes almost anything; real Chinese consists mostly of GB 2312 characters."""
    foreign = [c for c in text if not c.isascii()][:5000]
    known = 0
    for char in foreign:
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        known += 1
    return known >= 0.8 * len(foreign)


def sniff_delimiter(text: str) -> str:
    """The delimiter that gives the first 30 filled lines the most even width above one cell."""
    lines = [line for line in text[:200_000].splitlines() if line.strip(" ,;|\t")][:30]
    best, best_score = ",", (0, 0)
    for mark in DELIMITERS:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=mark)]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        score = (widths.count(usual) if usual > 1 else 0, usual)
        if score > best_score:
            best, best_score = mark, score
    return best


def read_delimited(data: bytes, max_rows: int) -> tuple[list[list[str]], str, str]:
    """All records in file order, blank ones too, as (records, encoding, delimiter).

    Records have one width; `max_rows` bounds the filled and blank records together.
    """
    text, encoding = decode(data)
    if not text.strip("\r\n\t ,;|\ufeff"):
        raise TableRefused("file.empty", {})
    declared = _SEP_LINE.match(text)
    delimiter = declared.group(1) if declared else sniff_delimiter(text)
    width = _widest(text, delimiter)
    try:
        frame = pd.read_csv(
            io.StringIO(text), header=None, names=range(width), index_col=False, dtype=str,
            keep_default_na=False, na_filter=False, skip_blank_lines=False, sep=delimiter,
            quotechar='"', engine="c", nrows=max_rows + 1,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        raise _tokenizing_refusal(str(error), width) from None
    if len(frame) > max_rows:
        raise TableRefused("file.too_many_rows", {"limit": max_rows})
    records: list[list[str]] = frame.to_numpy(dtype=object).tolist()
    if declared:
        records[0] = [""] * width
    return records, encoding, delimiter


def _widest(text: str, delimiter: str) -> int:
    """Cells of the widest of the first 12 filled records: titles may stand above the header."""
    widest, seen = 1, 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                widest, seen = max(widest, len(cells)), seen + 1
            if seen == 12:
                break
    except csv.Error as error:
        raise TableRefused("file.unreadable", {"reason": str(error)}) from None
    return widest


def _tokenizing_refusal(message: str, width: int) -> TableRefused:
    match = _TOKENIZER.search(message)
    if match:
        return TableRefused(
            "file.ragged",
            {"row": int(match.group(2)), "cells": int(match.group(3)), "columns": width},
        )
    if "EOF inside string" in message:
        return TableRefused("file.open_quote", {})
    return TableRefused("file.unreadable", {"reason": "CSV"})
