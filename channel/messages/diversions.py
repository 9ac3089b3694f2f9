"""Words of trace codes, findings, and the steps that follow a breach."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.states import register_states
from channel.messages.texts import WORDS, Text, register

LEVEL_WORDS: dict[str, Any] = {
    "unit": _l("single pack"),
    "case": _l("case"),
    "pallet": _l("pallet"),
}
RUNG_WORDS: dict[str, Any] = {
    "warning": _l("warning"),
    "fine": _l("fine"),
    "deposit": _l("deposit deduction"),
    "withhold": _l("rebate withheld"),
    "stop": _l("stop of shipping"),
    "terminate": _l("termination"),
}
BASIS_WORDS: dict[str, Any] = {
    "contract": _l("as the contract says"),
    "court": _l("as a court decided"),
    "settlement": _l("as settled with the distributor"),
}
VERDICT_WORDS: dict[str, Any] = {
    "outside": _l("found outside the territory"),
    "home": _l("found where it was sold"),
    "allowed": _l("allowed there"),
    "no_contract": _l("no agreement in force"),
    "unknown": _l("code unknown"),
}
WORDS["rungs"] = RUNG_WORDS
register_states(
    {
        "scan_outside": (VERDICT_WORDS["outside"], "red"),
        "scan_home": (VERDICT_WORDS["home"], "green"),
        "scan_allowed": (VERDICT_WORDS["allowed"], "green"),
        "scan_no_contract": (VERDICT_WORDS["no_contract"], "orange"),
        "scan_unknown": (VERDICT_WORDS["unknown"], "orange"),
        "noise": (_l("single finding"), "secondary"),
        "watch": (_l("to be watched"), "orange"),
        "pattern": (_l("pattern"), "red"),
        "clean": (_l("nothing found"), "green"),
        "step_proposed": (_l("waits for a second person"), "azure"),
        "step_approved": (_l("decided"), "red"),
        "step_rejected": (_l("refused"), "secondary"),
        "step_reversed": (_l("reversed"), "secondary"),
        "penalty": (_l("penalty"), "red"),
        "penalty_back": (_l("penalty given back"), "green"),
        "withheld": (_l("withheld"), "orange"),
        "withheld_back": (_l("let go"), "green"),
    }
)
SUBJECTS.update(
    {
        "code_scan": _l("finding"),
        "trace_range": _l("trace codes"),
        "conduct_step": _l("consequence"),
        "conduct_notice": _l("notice"),
    }
)
register_acts(
    {
        "trace:bind": _l("entered trace codes"),
        "trace:take_off": _l("took trace codes off"),
        "diversion:scan": _l("recorded a finding"),
        "conduct:notify": _l("sent a notice with a deadline"),
        "conduct:decide": _l("decided the case"),
        "conduct:propose": _l("proposed a consequence"),
        "conduct:approve": _l("signed the consequence"),
        "conduct:reject": _l("refused the consequence"),
        "conduct:reverse": _l("proposed to reverse the consequence"),
    }
)
register_fields(
    {
        "trace_codes": _l("trace codes"),
        "verdict": _l("verdict"),
        "consequence": _l("consequence"),
        "reply_by": _l("to be answered by"),
        "reverses": _l("reverses"),
    }
)
register_values({"consequence": RUNG_WORDS, "verdict": VERDICT_WORDS})
register(
    {
        "trace.code_needed": Text(
            _l("A code has 1 to 64 characters."), _l("Type or scan the code again.")
        ),
        "trace.other_series": Text(
            _l("%(first)s and %(last)s are not of one series."),
            _l("First and last code differ in the digits at their end only."),
        ),
        "trace.backwards": Text(
            _l("%(last)s comes before %(first)s."), _l("Type the smaller code first.")
        ),
        "trace.units_each": Text(
            _l("A code stands for at least one base unit."), _l("Type 1 or more.")
        ),
        "trace.too_many": Text(
            _l("More codes than goods: %(product)s has %(quantity)s, %(bound)s bear codes already "
               "and %(asked)s more are asked for."),
            _l("Mend the range, or how many units are under one code."),
        ),
        "trace.taken": Text(
            _l("%(first)s – %(last)s stand already with shipment %(shipment)s."),
            _l("A code belongs to one shipment: mend the range."),
        ),
        "trace.not_packed": Text(
            _l("%(number)s is not released: nobody knows yet which goods leave."),
            _l("Enter codes once the shipment is released."),
        ),
        "trace.line_needed": Text(
            _l("Say which line of the shipment bears the codes."), _l("Choose the line.")
        ),
        "trace.relied_on": Text(
            _l("Goods were found by these codes."), _l("They stay as they are.")
        ),
        "import.code_range": Text(
            _l("Row %(row)s: %(first)s to %(last)s is not a range of one series."),
            _l("Both codes differ in the digits at their end only, the smaller first."),
        ),
        "import.code_level": Text(
            _l("Row %(row)s: “%(value)s” is no level of packing."),
            _l("Write unit, case or pallet."),
        ),
        "import.shipment_unknown": Text(
            _l("Row %(row)s: there is no shipment %(value)s."), _l("Correct the number.")
        ),
        "import.not_packed": Text(
            _l("Row %(row)s: shipment %(value)s is not released."),
            _l("Import its codes once it is."),
        ),
        "import.line_unknown": Text(
            _l("Row %(row)s: shipment %(document)s carries no %(value)s."),
            _l("Correct the product or the line."),
        ),
        "import.line_unclear": Text(
            _l("Row %(row)s: shipment %(document)s carries %(value)s on several lines."),
            _l("Fill in the line number."),
        ),
        "import.codes_taken": Text(
            _l("Row %(row)s: %(first)s – %(last)s stand for other goods already."),
            _l("A code belongs to one shipment: correct the row."),
        ),
        "import.codes_twice": Text(
            _l("Row %(row)s: %(value)s stands in another row too."), _l("Correct one of the rows.")
        ),
        "import.codes_too_many": Text(
            _l("Row %(row)s: %(asked)s of %(product)s would bear codes, %(quantity)s were sent."),
            _l("Correct the range or the units per code."),
        ),
        "diversion.found": Text(
            _l("%(product)s shipped to this distributor (shipment %(shipment)s of %(shipped)s) was "
               "found in %(division)s %(name)s, outside its territory. Code %(code)s."),
            _l("A notice asks the distributor for its answer."),
        ),
        "diversion.seen": Text(
            _l("Goods of this distributor were seen in %(division)s %(name)s, outside its "
               "territory; no code was read."),
            _l("Photos prove whose goods they are."),
        ),
        "diversion.whose": Text(
            _l("Neither a code nor a distributor is given."),
            _l("Scan the code; where none can be read, say whose goods the photo shows."),
        ),
        "diversion.proof_needed": Text(
            _l("Without a code only a photo proves whose goods they are."),
            _l("Hand in a photo, or scan the code."),
        ),
        "diversion.in_future": Text(
            _l("Nothing was found on %(on)s, which is still to come."),
            _l("Choose the day on which it was found."),
        ),
        "diversion.house_only": Text(
            _l("Findings are recorded by the house."), _l("Tell your sales representative.")
        ),
    }
)  # fmt: skip
