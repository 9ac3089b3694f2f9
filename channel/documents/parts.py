"""What a rebate statement carries since its second edition, as plain JSON values.

Statements frozen earlier lack all of it: every field is optional, and they print as they did.
Units are those of `model.py`; exact decimals are text.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

#: The edition that a statement is frozen with today; none at all is the first.
EDITION = 2


class RowDoc(TypedDict):
    """One row of the tier table; bounds in the unit of the gauge.

    `reward` is a fraction where the policy pays percent, else currency units. `slice` is what
    the reward applies to, in currency units or pieces, or in full multiples. `amount`: exact.
    """

    number: int
    lower: str
    upper: str | None
    reward: str
    slice: str
    amount: str
    hit: bool


class PartDoc(TypedDict):
    """One run through the tiers: all of the statement, or one product group or product of it.

    `measured` is what the tiers are compared with, in the unit of the gauge; None where there is
    nothing to compare with (no baseline, no target). `to_next` likewise; None at the top.
    """

    name: str
    label: NotRequired[str]
    measured: str | None
    rows: list[RowDoc]
    amount: str
    to_next: str | None


class JudgedDoc(TypedDict):
    """A condition as it was judged; `value` None: proof was owed and there was none.

    `factor` is the fraction of the rebate that it leaves, `steps` the scale that was agreed.
    """

    kind: str
    value: str | None
    factor: str
    refs: list[str]
    steps: list[dict[str, str]]


class TakenOff(TypedDict):
    """A rebate of another policy that came off the base first, and the statement that gave it."""

    policy: str
    name: NotRequired[str]
    statement: NotRequired[str]
    amount_fen: int


class EarlierStatement(TypedDict):
    """A posted statement whose amount is part of «granted before»."""

    number: str
    date: str
    amount_fen: int


class TrueUp(TypedDict):
    """Why an earlier settlement is put right: the statements before and what is new since.

    `reasons` are codes: late_invoices, returns, payments, conditions, terms, other_policies,
    evidence; `refs` name documents and cases behind them.
    """

    period_label: str
    earlier: list[EarlierStatement]
    reasons: list[str]
    refs: NotRequired[list[str]]


class GroupShare(TypedDict):
    """The group whose sales were added up for the tiers, and this member's share of them."""

    members: list[str]
    group_e4: int
    own_e4: int


class Verification(TypedDict):
    """Where the live record can be seen by whoever holds the paper."""

    code: str
    url: str


class SecondEdition(TypedDict, total=False):
    """The optional fields; `terms` and `facts` are those of contracts.rebates as JSON."""

    edition: int
    terms: dict[str, Any]
    facts: dict[str, Any]
    parts: list[PartDoc]
    judged: list[JudgedDoc]
    #: What the periods before gave, where the cap counts on top of it.
    earlier_fen: int
    taken_off: list[TakenOff]
    true_up: TrueUp | None
    group: GroupShare
    verify: Verification
    #: The last day for objections; and what silence means: it confirms, or it leaves open.
    objection_until: str
    silence: Literal["confirms", "open"]
    #: Names for the codes that terms and parts speak of: product or group code → name.
    names: dict[str, str]
    #: Number of input lines, and the SHA-256 of their canonical text (docs/statement-format.md).
    line_count: int
