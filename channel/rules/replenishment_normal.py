"""The standard normal and the Poisson distribution in decimals, for levels of stock.

Exact to at least twelve digits, the same on every machine, and without binary floats.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

PI = Decimal("3.14159265358979323846264338328")
_HALF = Decimal("0.5")
_ROOT = 1 / (2 * PI).sqrt()
#: Beyond so many deviations nothing is left that a stock could see.
_FAR = Decimal(8)
_STEPS = 60


def density(x: Decimal) -> Decimal:
    """phi(x)."""
    return _ROOT * (-x * x / 2).exp()


def below(x: Decimal) -> Decimal:
    """Phi(x), the share of demand below x deviations over the mean."""
    if abs(x) >= _FAR:
        return Decimal(1) if x > 0 else Decimal(0)
    # phi(x) * (x + x^3/3 + x^5/15 + ...): every term has the sign of x, so nothing cancels.
    term = total = x
    n = 1
    while abs(term) > Decimal("1e-24"):
        n += 2
        term = term * x * x / n
        total += term
    return _HALF + density(x) * total


def quantile(share: Decimal) -> Decimal:
    """z, so that Phi(z) is the share; ValueError outside 0 < share < 1."""
    if not 0 < share < 1:
        raise ValueError(f"a share lies between 0 and 1: {share}")
    if share < _HALF:
        return -quantile(1 - share)
    if share == _HALF:
        return Decimal(0)
    return _bisect(lambda x: below(x) - share)


def loss(k: Decimal) -> Decimal:
    """G(k) = phi(k) - k (1 - Phi(k)): what is expected to be missing, in deviations."""
    return density(k) - k * (1 - below(k))


def loss_quantile(expected: Decimal) -> Decimal | None:
    """k >= 0 with G(k) = expected; None when even k = 0 leaves less missing than that."""
    if expected >= loss(Decimal(0)):
        return None
    if expected <= loss(_FAR):
        return _FAR
    return _bisect(lambda k: expected - loss(k))


def _bisect(rising: Callable[[Decimal], Decimal]) -> Decimal:
    """Where a rising function between 0 and 8 deviations passes zero."""
    low, high = Decimal(0), _FAR
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def poisson_quantile(share: Decimal, mean: Decimal) -> int:
    """The smallest whole number that a Poisson count of this mean stays within so often."""
    if not 0 < share < 1:
        raise ValueError(f"a share lies between 0 and 1: {share}")
    if mean < 0:
        raise ValueError("a mean count is not negative")
    count, term = 0, (-mean).exp()
    total = term
    while total < share:
        count += 1
        term = term * mean / count
        total += term
    return count
