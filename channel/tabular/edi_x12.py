"""X12 852 (product activity) and 867 (product transfer and resale) → rows of a report.

Activity codes are those of element 859, transfer types those of element 521; a code that means a
quantity outside the row is told, one that nobody knows is rejected by number and text.
"""

from __future__ import annotations

from dataclasses import replace

from channel.tabular.edi import Message, Segment
from channel.tabular.edi_rows import Gathering, Goods
from channel.tabular.tables import TableRefused

#: Element 859 → the column of the row; for one column the codes stand best first.
ACTIVITIES = {
    "QB": "opening",
    "QR": "receipts",
    "QS": "sell_out", "Q1": "sell_out", "TS": "sell_out",
    "QU": "returns_in", "Q2": "returns_in", "Q3": "returns_in", "RQ": "returns_in",
    "QT": "adjustment",
    "QZ": "transfer",
    "QE": "closing", "OH": "closing", "QA": "closing",
    "QI": "in_transit",
    "QH": "held", "HL": "held",
    "DG": "damaged",
}  # fmt: skip
#: Codes that say the same figure in other words: only the first that is there counts.
RANKED = (("QS", "Q1", "TS"), ("QE", "OH", "QA"), ("HL", "QH"))
#: Known, and no part of stock: orders, plans, shares of the sales that QS has already.
OUTSIDE = frozenset(
    {"BS", "BT", "LS", "MS", "OF", "OP", "OQ", "PA", "PO", "QC", "QD", "QF", "QK", "QL", "QM",
     "QN", "QO", "QP", "QW", "QX", "RE", "WQ"}
)  # fmt: skip
#: Element 521 → the column. A minus turns a sale into a return and an inward move into an outward.
TRANSFERS = {
    "SS": "sell_out", "SD": "sell_out", "SH": "sell_out", "CS": "sell_out", "BP": "sell_out",
    "BN": "returns_in", "RU": "returns_in", "RB": "returns_in", "RP": "returns_in",
    "RV": "returns_out",
    "RC": "receipts",
    "IB": "transfer_out", "BJ": "transfer_out",
    "IA": "adjustment", "SA": "adjustment",
    "SC": "losses", "TD": "losses", "CC": "losses", "SM": "losses",
}  # fmt: skip
#: Sales that never touch the distributor's stock, and sums of what stands elsewhere.
NOT_FROM_STOCK = frozenset({"DS", "SU", "BB", "PA", "PB"})
#: Element 673: quantities of the movement itself, and those that turn it round.
_MOVED = frozenset({"01", "32", "38", "39", "63", "87"})
_RETURNED = frozenset({"76"})
#: Element 235, best first: our own number, the distributor's, the bar code.
_PRODUCT_IDS = (
    "VP", "VN", "VC", "VA", "BP", "IN", "SK", "PN", "IB",
    "UP", "UA", "UI", "UK", "EN", "EO",
)  # fmt: skip
_LOT_IDS = ("LT", "BL", "B8")
_PLACES = frozenset({"WH", "RL"})
#: Element 353.
_CANCELLED, _DUPLICATE, _REPLACES = "01", "07", "05"
_STARTS, _ENDS = frozenset({"090", "196", "150"}), frozenset({"091", "197", "151"})


def gather(message: Message, found: Gathering) -> None:
    """Add the rows of one transaction set."""
    (_activity if message.kind == "852" else _resale)(message, found)


def _function(segment: Segment, found: Gathering, code: str) -> None:
    """A cancelled message is no report; a copy and a replacement are read and told."""
    if code == _CANCELLED:
        raise TableRefused(
            "file.edi_cancelled", {"segment": segment.number, "text": segment.text[:80]}
        )
    if code == _DUPLICATE:
        found.note("edi.duplicate", segment)
    elif code == _REPLACES:
        found.note("edi.replaces", segment)


def _activity(message: Message, found: Gathering) -> None:
    goods: Goods | None = None
    heading = ""
    zoned: tuple[Segment, str] | None = None
    for segment in message.segments:
        tag = segment.tag
        if tag == "XQ":
            found.spans(segment, segment.part(2), segment.part(3))
        elif tag == "N1":
            place = _place(segment)
            if goods is None:
                heading = place or heading
            elif place:
                goods = replace(goods, location=place)
        elif tag == "LIN":
            goods, zoned = _goods(segment, found, heading), None
        elif tag == "PID" and goods is not None:
            goods = replace(goods, name=segment.part(5)[:200])
        elif tag == "DTM" and goods is not None:
            goods = _dated(goods, segment)
        elif tag == "ZA":
            zoned = (segment, segment.part(1))
            if segment.part(2):
                _take_activity(found, segment, goods, segment.part(1), segment.part(2),
                               segment.part(3))  # fmt: skip
        elif tag == "SDQ":
            _by_place(segment, found, goods, zoned)


def _take_activity(
    found: Gathering, segment: Segment, goods: Goods | None, code: str, text: str, unit: str
) -> None:
    if code in OUTSIDE:
        found.outside(segment, code)
        return
    name = ACTIVITIES.get(code)
    if name is None:
        found.reject(segment, "code")
        return
    quantity = found.number(segment, text)
    if quantity is not None:
        ranks = next((group for group in RANKED if code in group), ())
        found.add(segment, goods, name, quantity, unit, code, ranks)


def _by_place(
    segment: Segment, found: Gathering, goods: Goods | None, zoned: tuple[Segment, str] | None
) -> None:
    """SDQ: the activity's quantity place by place, up to ten pairs in one segment."""
    if zoned is None or goods is None:
        found.reject(segment, "no_product")
        return
    activity, code = zoned
    if activity.part(2):
        # The total stands in ZA; its split would count the same goods twice.
        found.outside(segment, code)
        return
    for element in range(3, 23, 2):
        place, text = segment.part(element), segment.part(element + 1)
        if place or text:
            own = replace(goods, location=place[:40])
            _take_activity(found, segment, own, code, text, segment.part(1))


def _goods(segment: Segment, found: Gathering, location: str) -> Goods:
    """LIN: pairs of qualifier and number from the second element on."""
    ids: dict[str, str] = {}
    for element in range(2, 32, 2):
        qualifier, value = segment.part(element), segment.part(element + 1)
        if qualifier and value:
            ids.setdefault(qualifier, value)
    product = next((ids[q] for q in _PRODUCT_IDS if q in ids), "")
    if not product:
        found.reject(segment, "no_product")
    batch = next((ids[q] for q in _LOT_IDS if q in ids), "")
    return Goods(product[:64], batch[:64], location)


def _place(segment: Segment) -> str:
    if segment.part(1) not in _PLACES:
        return ""
    return (segment.part(4) or segment.part(2))[:40]


def _dated(goods: Goods, segment: Segment) -> Goods:
    """036 expires, 094 and 405 made."""
    if segment.part(1) == "036":
        return replace(goods, expires_on=segment.part(2))
    if segment.part(1) in ("094", "405"):
        return replace(goods, produced_on=segment.part(2))
    return goods


def _resale(message: Message, found: Gathering) -> None:
    """867: QTY comes before the LIN that says of what, so quantities wait for it."""
    heading = place = ""
    kind: Segment | None = None
    waiting: list[Segment] = []
    for segment in message.segments:
        tag = segment.tag
        if tag == "BPT":
            _function(segment, found, segment.part(1))
        elif tag == "DTM" and kind is None:
            _period(segment, found)
        elif tag == "N1" and kind is None:
            heading = _place(segment) or heading
        elif tag == "N1":
            place = _place(segment) or place
        elif tag == "PTD":
            _orphans(waiting, found)
            kind, place = segment, heading
        elif tag == "QTY":
            _orphans(waiting, found)
            waiting.append(segment)
        elif tag == "LIN":
            goods = _goods(segment, found, place)
            for quantity in waiting:
                _moved(found, quantity, goods, kind)
            waiting.clear()
    _orphans(waiting, found)


def _orphans(waiting: list[Segment], found: Gathering) -> None:
    for segment in waiting:
        found.reject(segment, "no_product")
    waiting.clear()


def _period(segment: Segment, found: Gathering) -> None:
    qualifier = segment.part(1)
    if qualifier in _STARTS:
        found.spans(segment, segment.part(2), "")
    elif qualifier in _ENDS:
        found.spans(segment, "", segment.part(2))
    elif segment.part(5) == "RD8" and "-" in segment.part(6):
        start, _, end = segment.part(6).partition("-")
        found.spans(segment, start, end)


def _moved(found: Gathering, segment: Segment, goods: Goods, kind: Segment | None) -> None:
    code = kind.part(1) if kind else ""
    if code in NOT_FROM_STOCK:
        found.outside(segment, code)
        return
    name = TRANSFERS.get(code)
    if name is None:
        found.reject(segment, "code")
        return
    quantity = found.number(segment, segment.part(2))
    if quantity is None:
        return
    if segment.part(1) in _RETURNED:
        quantity = -abs(quantity)
    elif segment.part(1) not in _MOVED:
        found.reject(segment, "code")
        return
    found.add(segment, goods, name, quantity, segment.part(3))
