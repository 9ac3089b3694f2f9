"""All findings on an order or shipment, decided upon once: accept, hold or refuse.

Credit can be cured by payment or released by finance, so credit alone holds; anything else that
blocks refuses. Every reason is kept.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.values.findings import Finding, Severity

_CURABLE = "credit"


@enum.unique
class Decision(enum.Enum):
    """What becomes of the act."""

    ACCEPT = "accept"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Verdict:
    """The decision with every finding, the gravest first and otherwise as they were made."""

    decision: Decision
    findings: tuple[Finding, ...]

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The findings that stop the act."""
        return tuple(finding for finding in self.findings if finding.is_blocking)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings to be read before going on."""
        return tuple(each for each in self.findings if each.severity is Severity.WARN)


def judge(findings: Iterable[Finding]) -> Verdict:
    """Credit alone in the way: HOLD; anything else in the way: REFUSE; nothing: ACCEPT."""
    ordered = tuple(sorted(findings, key=lambda finding: -finding.severity.rank))
    families = {finding.family for finding in ordered if finding.is_blocking}
    if not families:
        return Verdict(Decision.ACCEPT, ordered)
    decision = Decision.HOLD if families == {_CURABLE} else Decision.REFUSE
    return Verdict(decision, ordered)
