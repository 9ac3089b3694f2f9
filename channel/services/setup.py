"""The first start: the maker's row and the reference data that every house needs."""

from __future__ import annotations


def load_reference() -> None:
    pass
