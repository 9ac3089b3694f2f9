"""The verdict over all findings: credit alone holds, anything else in the way refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.findings import Finding, Severity, block, info, warn
from credit.release import Decision, judge

CREDIT = block("credit.over_limit")
OVERDUE = block("credit.overdue")
MINIMUM = block("minimum.below")
LOOKALIKE = block("creditor.unknown")
REMINDER = warn("credit.overdue")
NOTE = info("price.special")


@pytest.mark.row("B02", "B03", "D02")
@pytest.mark.parametrize(
    ("findings", "decision"),
    [
        ([], Decision.ACCEPT),
        ([NOTE], Decision.ACCEPT),
        ([REMINDER, warn("minimum.near")], Decision.ACCEPT),
        ([CREDIT], Decision.HOLD),
        ([CREDIT, OVERDUE, REMINDER], Decision.HOLD),
        ([MINIMUM], Decision.REFUSE),
        ([CREDIT, MINIMUM], Decision.REFUSE),
        ([CREDIT, warn("minimum.near")], Decision.HOLD),
        ([LOOKALIKE], Decision.REFUSE),
    ],
)
def test_the_verdict(findings: list[Finding], decision: Decision) -> None:
    assert judge(findings).decision is decision
    assert judge(findings[::-1]).decision is decision


def test_every_reason_is_kept_the_gravest_first() -> None:
    verdict = judge([NOTE, REMINDER, CREDIT, MINIMUM])
    assert verdict.findings == (CREDIT, MINIMUM, REMINDER, NOTE)
    assert verdict.reasons == (CREDIT, MINIMUM)
    assert verdict.warnings == (REMINDER,)


@given(
    st.lists(
        st.builds(
            Finding,
            code=st.sampled_from(["credit.over_limit", "minimum.below", "price.differs"]),
            severity=st.sampled_from(Severity),
        ),
        max_size=6,
    )
)
def test_one_more_finding_never_makes_it_milder(findings: list[Finding]) -> None:
    harshness = [Decision.ACCEPT, Decision.HOLD, Decision.REFUSE]
    decisions = [harshness.index(judge(findings[:n]).decision) for n in range(len(findings) + 1)]
    assert decisions == sorted(decisions)
    assert len(judge(findings).findings) == len(findings)
