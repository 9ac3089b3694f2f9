"""What goods of an invoice are worth when they come back: the very values of the line sold.

Pure. A line that comes back in parts is credited so that the parts add up to the line exactly,
in whatever portions and order; exact values are ten-thousandths of the currency unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.values.findings import Finding, block
from contracts.values.money import divide_half_up

#: Ten-thousandths in a fen.
FEN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """Units and exact values, at or above zero: of a line sold, or of what came back of it."""

    quantity: int
    net_e4: int
    gross_e4: int

    @property
    def tax_e4(self) -> int:
        return self.gross_e4 - self.net_e4


NOTHING = Line(0, 0, 0)


def left(sold: Line, returned: Line) -> int:
    """The units that can still come back."""
    return max(sold.quantity - returned.quantity, 0)


def credit(sold: Line, returned: Line, quantity: int) -> Line:
    """What so many units are worth after what was returned already.

    Values are shares of the line by quantity, half-up; to the fen where the line itself is in
    whole fen. The last units take what is left, so that a line returned whole is undone exactly.
    ValueError when more would come back than was sold, or nothing.
    """
    if not 0 < quantity <= left(sold, returned):
        raise ValueError(f"{quantity} of {left(sold, returned)} units cannot come back")
    whole_fen = sold.net_e4 % FEN == 0 and sold.gross_e4 % FEN == 0
    unit = FEN if whole_fen else 1
    until = returned.quantity + quantity

    def share(whole: int, before: int) -> int:
        if until == sold.quantity:
            return max(whole - before, 0)
        return max(unit * divide_half_up(whole * until, sold.quantity * unit) - before, 0)

    return Line(
        quantity,
        share(sold.net_e4, returned.net_e4),
        share(sold.gross_e4, returned.gross_e4),
    )


def check(asked: int, sold: Line, returned: Line, product: str) -> list[Finding]:
    """What is wrong with a wish to return so many units of a line."""
    most = left(sold, returned)
    if asked < 0 or asked > most:
        return [
            block(
                "return.too_many", product, product=product, asked=asked, left=most,
                sold=sold.quantity, returned=returned.quantity,
            )
        ]  # fmt: skip
    return []
