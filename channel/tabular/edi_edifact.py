"""EDIFACT/EANCOM INVRPT (inventory report) and SLSRPT (sales data report) → rows of a report.

Quantities are told apart by the qualifier 6063, the direction 4501 and the balance method 4503;
both orders are read, QTY before INV (D.96A) and INV before QTY (D.01B).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from channel.tabular.edi import Message, Segment
from channel.tabular.edi_rows import Gathering, Goods
from channel.tabular.tables import TableRefused

#: 6063 of an inventory report → the column.
STOCK = {
    "157": "opening",
    "145": "closing", "17": "closing",
    "257": "counted",
    "198": "in_transit", "X14": "in_transit",
    "124": "damaged",
    "89": "held", "96": "held",
    "48": "receipts", "194": "receipts",
    "12": "sell_out", "153": "sell_out", "199": "sell_out", "212": "sell_out", "93E": "sell_out",
    "61": "returned", "210": "returns_in",
    "98E": "transfer",
}  # fmt: skip
#: 6063 of a sales report → the column.
SALES = {
    "153": "sell_out", "212": "sell_out",
    "61": "returns_in", "210": "returns_in",
    "145": "closing",
}  # fmt: skip
#: Known, and no part of the row: limits, plans, shares of other figures.
OUTSIDE = frozenset(
    {"26", "66", "81", "83", "97", "98", "146", "156", "197", "217", "243", "244", "249",
     "31E", "32E", "35E", "X15", "X16"}
)  # fmt: skip
_RANKED = (("212", "153", "199", "12", "93E"), ("145", "17"))
_OUT, _IN = "1", "2"
_COUNTED = "2"
#: 7143 in PIA, best first: the supplier's number is ours, the buyer's is the distributor's.
_PRODUCT_IDS = ("SA", "MF", "BP", "IN", "GN", "PV")
_BATCH_IDS = frozenset({"NB", "BX"})
_PERIODS = frozenset({"273", "324", "263", "366", "356", "90", "91", "194", "206"})
_STARTS, _ENDS = frozenset({"90", "194"}), frozenset({"91", "206"})
_RANGE = "718"
_CANCELLED, _REPLACES, _ORIGINAL = "1", "5", "9"
_COPIES = frozenset({"7", "31"})


@dataclass
class _Group:
    """One quantity with all that is said about it; the goods are the line's own."""

    goods: Goods
    quantity: Segment | None = None
    direction: str = ""
    method: str = ""


def gather(message: Message, found: Gathering) -> None:
    """Add the rows of one message."""
    goods: Goods | None = None
    place = ""
    group: _Group | None = None
    leads = ""
    for segment in message.segments:
        tag = segment.tag
        if tag == "LOC" and message.kind == "SLSRPT":
            # A sales report names the place first, and then all that was sold there.
            _close(group, message.kind, found)
            place, goods, group = segment.part(2)[:40], None, None
        elif tag == "BGM":
            _function(segment, found)
        elif tag == "LIN":
            _close(group, message.kind, found)
            goods, group, leads = Goods(segment.part(3)[:64], location=place), None, ""
        elif tag in ("QTY", "INV") and goods is None:
            found.reject(segment, "no_product")
        elif tag in ("QTY", "INV"):
            leads = leads or tag
            if group is None or tag == leads or (tag == "QTY" and group.quantity is not None):
                _close(group, message.kind, found)
                group = _Group(goods) if goods is not None else None
            assert group is not None
            _told(group, segment)
        elif group is not None:
            group.goods = _detail(group.goods, segment)
        elif goods is not None:
            goods = _detail(goods, segment)
        elif tag == "DTM":
            _period(segment, found)
        elif tag == "NAD" and segment.part(1) == "WH":
            place = segment.part(2)[:40]
    _close(group, message.kind, found)


def _told(group: _Group, segment: Segment) -> None:
    if segment.tag == "QTY":
        group.quantity = segment
    else:
        group.direction, group.method = segment.part(1), segment.part(4)


def _detail(goods: Goods, segment: Segment) -> Goods:
    """What PIA, IMD, GIN, LOC and DTM say of the goods, of the line or of one quantity."""
    tag = segment.tag
    if tag == "PIA":
        return _identified(goods, segment)
    if tag == "IMD":
        return replace(goods, name=(segment.part(3, 3) or goods.name)[:200])
    if tag == "GIN" and segment.part(1) in _BATCH_IDS:
        return replace(goods, batch=segment.part(2)[:64])
    if tag == "LOC":
        return replace(goods, location=segment.part(2)[:40])
    if tag == "DTM" and segment.part(1) in ("36", "361"):
        return replace(goods, expires_on=segment.part(1, 1)[:8])
    if tag == "DTM" and segment.part(1) == "94":
        return replace(goods, produced_on=segment.part(1, 1)[:8])
    return goods


def _identified(goods: Goods, segment: Segment) -> Goods:
    """PIA: further numbers of the article, and the batch."""
    ids = {segment.part(n, 1): segment.part(n) for n in range(2, 7) if segment.part(n)}
    batch = next((ids[q] for q in _BATCH_IDS if q in ids), goods.batch)
    product = next((ids[q] for q in _PRODUCT_IDS if q in ids), goods.product)
    return replace(goods, product=product[:64], batch=batch[:64])


def _close(group: _Group | None, kind: str, found: Gathering) -> None:
    """Put the finished quantity into its row."""
    if group is None or group.quantity is None:
        return
    segment = group.quantity
    code = segment.part(1)
    if code in OUTSIDE:
        found.outside(segment, code)
        return
    name = (SALES if kind == "SLSRPT" else STOCK).get(code)
    if name is None:
        found.reject(segment, "code")
        return
    quantity = found.number(segment, segment.part(1, 1))
    if quantity is None:
        return
    if code in ("145", "17") and group.method == _COUNTED:
        name = "counted"
    ranks = next((ranks for ranks in _RANKED if code in ranks and name != "counted"), ())
    name, quantity = _directed(name, quantity, group.direction)
    found.add(segment, group.goods, name, quantity, segment.part(1, 2), code, ranks)


def _directed(name: str, quantity: Decimal, direction: str) -> tuple[str, Decimal]:
    """Returns and moves go the way that INV says; without it a return comes in."""
    if name == "returned":
        return ("returns_out" if direction == _OUT else "returns_in"), quantity
    if name == "transfer" and direction == _OUT:
        return name, -abs(quantity)
    if name == "sell_out" and direction == _IN:
        return name, -abs(quantity)
    return name, quantity


def _function(segment: Segment, found: Gathering) -> None:
    """1225: 9 original; copies and replacements are told, a cancellation is no report."""
    code = segment.part(3)
    if code in ("", _ORIGINAL):
        return
    if code in _COPIES:
        found.note("edi.duplicate", segment)
    elif code == _REPLACES:
        found.note("edi.replaces", segment)
    else:
        raise TableRefused(
            "file.edi_cancelled" if code == _CANCELLED else "file.edi_function",
            {"segment": segment.number, "text": segment.text[:80]},
        )


def _period(segment: Segment, found: Gathering) -> None:
    qualifier, value, shape = segment.part(1), segment.part(1, 1), segment.part(1, 2)
    if qualifier not in _PERIODS:
        return
    if shape == _RANGE:
        start, _, end = value.partition("-") if "-" in value else (value[:8], "", value[8:16])
        found.spans(segment, start, end)
    elif qualifier in _STARTS:
        found.spans(segment, value, "")
    elif qualifier in _ENDS:
        found.spans(segment, "", value)
