"""Trade messages as segments: X12 and EDIFACT interchanges opened, counted and taken apart.

The separators come from the interchange itself (ISA, UNA); an envelope that does not close, or
counts other than it says, refuses the whole file, because a part of a message is not the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from channel.tabular.delimited import decode
from channel.tabular.tables import TableRefused
from contracts.values.findings import Fact

#: More segments than these are no report of one distributor.
SEGMENTS_MAX = 500_000
_X12_HEAD = 106
_BEGINNING = re.compile(rb"ISA[^A-Za-z0-9 \r\n,;]|UNA.{6}\s*UNB|UNB[^A-Za-z0-9 ,;]", re.DOTALL)
_BREAKS = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: `number` counts from 1 over the interchange; `parts` are its elements."""

    number: int
    tag: str
    parts: tuple[tuple[str, ...], ...]
    text: str

    def part(self, element: int, component: int = 0) -> str:
        """The element of this place, counted from 1 as the standards do; '' where it is absent."""
        if not 0 < element <= len(self.parts):
            return ""
        found = self.parts[element - 1]
        return found[component].strip() if component < len(found) else ""


@dataclass(frozen=True)
class Message:
    """One transaction set or message: its type («852», «INVRPT») and the segments inside."""

    kind: str
    segments: Sequence[Segment]
    #: The mark before decimals, as the interchange declares it.
    decimal: str = "."


def is_edi(data: bytes) -> bool:
    """Whether the first signs are those of an interchange."""
    head = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    return _BEGINNING.match(head) is not None


def open_interchange(data: bytes) -> list[Message]:
    """All messages of the file in order; raises TableRefused with a `file.edi_*` code."""
    text, _encoding = decode(data)
    text = text.lstrip("\ufeff \t\r\n")
    return list(_x12(text) if text.startswith("ISA") else _edifact(text))


def _refuse(code: str, segment: Segment | None = None, **facts: str | int) -> TableRefused:
    where: dict[str, Fact] = {"segment": 1, "text": ""}
    if segment is not None:
        where = {"segment": segment.number, "text": segment.text[:80]}
    return TableRefused(code, {**where, **facts})


def _x12(text: str) -> Iterator[Message]:
    """ISA has a fixed length, so that its last signs tell the separators of all the rest."""
    if len(text) < _X12_HEAD:
        raise _refuse("file.edi_envelope", wanted="ISA")
    element, component, end = text[3], text[104], text[105]
    if text[_X12_HEAD - 2 - 1] != element or element in (component, end):
        raise _refuse("file.edi_envelope", wanted="ISA")
    segments = [
        Segment(n, words[0].strip(), tuple(tuple(w.split(component)) for w in words[1:]), raw)
        for n, raw in _split(text, end)
        if (words := raw.split(element))
    ]
    yield from _messages(segments, ("ISA", "IEA"), ("ST", "SE"))


def _edifact(text: str) -> Iterator[Message]:
    """UNA declares the signs, or they are the usual ones; the release sign frees the next."""
    component, element, decimal, release, end = ":", "+", ".", "?", "'"
    if text.startswith("UNA"):
        if len(text) < 9:
            raise _refuse("file.edi_envelope", wanted="UNA")
        component, element, decimal, release, end = text[3], text[4], text[5], text[6], text[8]
        text = text[9:].lstrip()
    if len({component, element, release, end}) < 4 or decimal not in ".,":
        raise _refuse("file.edi_envelope", wanted="UNA")
    segments = []
    for n, raw in _split(text, end, release):
        words = [
            tuple(_freed(part, release) for part in _cut(word, component, release))
            for word in _cut(raw, element, release)
        ]
        segments.append(Segment(n, words[0][0].strip(), tuple(words[1:]), raw))
    yield from _messages(segments, ("UNB", "UNZ"), ("UNH", "UNT"), decimal)


def _cut(text: str, mark: str, release: str) -> list[str]:
    """Split at marks that no release sign frees; the release signs stay for the next cut."""
    if release not in text:
        return text.split(mark)
    found, part, place = [], "", 0
    while place < len(text):
        sign = text[place]
        if sign == release and release.strip() and place + 1 < len(text):
            part += text[place : place + 2]
            place += 2
            continue
        if sign == mark:
            found.append(part)
            part = ""
        else:
            part += sign
        place += 1
    return [*found, part]


def _freed(text: str, release: str) -> str:
    if not release.strip() or release not in text:
        return text
    return re.sub(re.escape(release) + r"(.)", r"\1", text, flags=re.DOTALL)


def _split(text: str, end: str, release: str = "") -> Iterator[tuple[int, str]]:
    """(number, text) of every segment; line breaks between segments mean nothing."""
    number = 0
    for raw in _cut(text, end, release) if release else text.split(end):
        body = (raw if end in "\r\n" else _BREAKS.sub("", raw)).strip()
        if not body:
            continue
        number += 1
        if number > SEGMENTS_MAX:
            raise _refuse("file.too_many_rows", limit=SEGMENTS_MAX)
        yield number, body


def _messages(
    segments: list[Segment],
    envelope: tuple[str, str],
    bounds: tuple[str, str],
    decimal: str = ".",
) -> Iterator[Message]:
    """The messages between their bounds, each with the count that its trailer states."""
    if not segments or segments[0].tag != envelope[0]:
        raise _refuse("file.edi_envelope", wanted=envelope[0])
    if segments[-1].tag != envelope[1]:
        raise _refuse("file.edi_envelope", segments[-1], wanted=envelope[1])
    opened: Segment | None = None
    inside: list[Segment] = []
    found = 0
    for segment in segments:
        if segment.tag == bounds[0]:
            if opened is not None:
                raise _refuse("file.edi_envelope", segment, wanted=bounds[1])
            opened, inside = segment, []
        elif segment.tag == bounds[1]:
            if opened is None:
                raise _refuse("file.edi_envelope", segment, wanted=bounds[0])
            _check_trailer(opened, segment, len(inside) + 2)
            kind = opened.part(1) if bounds[0] == "ST" else opened.part(2)
            found += 1
            yield Message(kind, inside, decimal)
            opened = None
        elif opened is not None:
            inside.append(segment)
    if opened is not None:
        raise _refuse("file.edi_envelope", opened, wanted=bounds[1])
    if not found:
        raise _refuse("file.edi_envelope", segments[0], wanted=bounds[0])


def _check_trailer(head: Segment, trailer: Segment, counted: int) -> None:
    """SE and UNT say how many segments there are, and which message they close."""
    stated = trailer.part(1)
    if not stated.isascii() or not stated.isdecimal() or int(stated[:9]) != counted:
        raise _refuse("file.edi_count", trailer, stated=stated, counted=counted)
    opening = head.part(2) if head.tag == "ST" else head.part(1)
    if trailer.part(2) != opening:
        raise _refuse("file.edi_reference", trailer, stated=trailer.part(2), opened=opening)
