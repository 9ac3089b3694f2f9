"""Golden cases: worked examples in tests/examples/*.yaml that a contract manager can extend.

Each file is a list of cases; `case` says in words what it shows, `row` names the rows of the
mission that it proves. Figures are written as people write them: "9,999.99".
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

_EXAMPLES = Path(__file__).parent / "examples"


def cases(name: str) -> list[Any]:
    """The cases of a file as pytest parameters, named and marked."""
    stored = yaml.safe_load((_EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        pytest.param(
            case,
            id=str(case["case"]),
            marks=[pytest.mark.row(*case["row"].split())] if "row" in case else [],
        )
        for case in stored
    ]


def fen(figure: str) -> int:
    """«−1,234.50» as fen; a third decimal is a mistake in the example."""
    scaled = Decimal(figure.replace(",", "").replace("−", "-")) * 100
    assert scaled == scaled.to_integral_value(), figure
    return int(scaled)
