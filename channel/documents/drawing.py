"""Drawings on a statement, as SVG text: where one stands among the tiers, and the QR code.

Every tier has the same width, because bounds of 0, 100,000 and 10,000,000 would not be readable
to scale; within a tier the bar is to scale, and the figures stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import segno
from markupsafe import Markup, escape

#: Of the viewBox; the page scales it.
WIDTH, HEIGHT = 720, 66
_TOP, _BAR = 22, 16
_FONT = "Weir Sans"


@dataclass(frozen=True)
class Rise:
    """One tier as drawn: its bound, and both as text; `is_hit` for the one reached."""

    lower: Decimal
    bound: str
    reward: str
    is_hit: bool


def progress(tiers: Sequence[Rise], value: Decimal, said: str, alt: str) -> Markup:
    """The bar; `value` is in the unit of the bounds, `said` stands at its end."""
    starts = [tier.lower for tier in tiers]
    below = starts[0] > 0
    edges = [Decimal(0), *starts] if below else starts
    width = Decimal(WIDTH - 2) / len(edges)
    end = _position(edges, value, width)
    parts = [f'<rect x="1" y="{_TOP}" width="{WIDTH - 2}" height="{_BAR}" fill="#eef1f6"/>']
    if end > 0:
        parts.append(f'<rect x="1" y="{_TOP}" width="{end:.1f}" height="{_BAR}" fill="#3d5a8a"/>')
    for at, tier in enumerate(tiers):
        x = 1 + width * (at + (1 if below else 0))
        bold = ' font-weight="700"' if tier.is_hit else ""
        parts.append(
            f'<line x1="{x:.1f}" y1="{_TOP - 3}" x2="{x:.1f}" y2="{_TOP + _BAR + 3}"'
            ' stroke="#14213d" stroke-width="1"/>'
            f'<text x="{x + 3:.1f}" y="{_TOP + _BAR + 14}" fill="#1a2130"{bold}>'
            f"{escape(tier.bound)}</text>"
            f'<text x="{x + 3:.1f}" y="{_TOP + _BAR + 26}" fill="#3c4657"{bold}>'
            f"{escape(tier.reward)}</text>"
        )
    if below:
        parts.append(f'<text x="3" y="{_TOP + _BAR + 14}" fill="#1a2130">0</text>')
    parts.append(_mark(end, said))
    drawn = "".join(parts)
    return Markup(  # noqa: S704  # every text in it went through escape
        f'<svg class="chart" role="img" aria-label="{escape(alt)}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' font-family="{_FONT}" font-size="10.5"><title>{escape(alt)}</title>{drawn}</svg>'
    )


def _mark(end: Decimal, said: str) -> str:
    """The arrow over the end of the bar, and its figure on the side where there is room."""
    x = 1 + end
    arrow = f'<path d="M{x:.1f} {_TOP - 1}l-4.5 -7h9z" fill="#14213d"/>'
    right = x > WIDTH * Decimal("0.7")
    anchor, shift = ("end", -7) if right else ("start", 7)
    text = (
        f'<text x="{x + shift:.1f}" y="{_TOP - 7}" text-anchor="{anchor}" font-weight="700"'
        f' fill="#14213d">{escape(said)}</text>'
    )
    return arrow + text


def _position(edges: Sequence[Decimal], value: Decimal, width: Decimal) -> Decimal:
    """How far the bar goes; above the last bound it nears the end and never says there is one."""
    if value <= edges[0]:
        return Decimal(0)
    for at, start in enumerate(edges):
        if at + 1 < len(edges) and value >= edges[at + 1]:
            continue
        if at + 1 < len(edges):
            share = (value - start) / (edges[at + 1] - start)
        else:
            over = (value - start) / max(abs(start), Decimal(1))
            share = over / (over + 1)
        return width * (at + share)
    return width * len(edges)


def qr_code(text: str) -> Markup:
    """A QR code that a telephone reads from paper (error level M), as SVG."""
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704  # modules of our own code, no text in it
