"""What the last signature makes: the waiver with its caps, its reviews, and a fresh verdict."""

from __future__ import annotations

from datetime import date, timedelta

from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.outcomes import OutcomeReview
from channel.services.steps import carving, rechecking
from channel.services.work import Work

#: The house's custom: a first look after so many days, a last one when it has ended.
FIRST_LOOK = timedelta(days=90)

#: Kinds whose amount is all that may go, unless a cap by value says otherwise.
CAPPED_BY_AMOUNT = ("support", "delivery_place")


def usual_reviews(valid_from: date, valid_to: date) -> tuple[date, ...]:
    """The days on which an outcome is measured unless the application says otherwise."""
    first = valid_from + FIRST_LOOK
    return (first, valid_to) if first < valid_to else (valid_to,)


def grant(w: Work, request: ExceptionRequest) -> None:
    """Write the waiver and what follows from it; what was refused is judged again."""
    asked = request.asked
    max_value = request.max_value_fen
    if request.type == "expiry" or (max_value is None and request.type in CAPPED_BY_AMOUNT):
        max_value = asked["amount_fen"]  # exactly the approved amount goes through
    waiver = Waiver(
        request_id=request.id,
        type=request.type,
        distributor_id=request.distributor_id,
        valid_from=request.valid_from,
        valid_to=request.valid_to,
        floor_fen=asked.get("floor_fen"),
        amount_fen=asked.get("amount_fen"),
        division_code=asked.get("division_code"),
        product_id=asked.get("product_id"),
        unit_gross_fen=asked.get("unit_gross_fen"),
        max_quantity=asked.get("max_quantity"),
        extra_days=asked.get("extra_days"),
        max_uses=request.max_uses,
        max_value_fen=max_value,
        created_at=w.now,
    )
    w.session.add(waiver)
    for on in request.review_on or ():
        due = date.fromisoformat(on)
        w.session.add(OutcomeReview(request_id=request.id, due_on=due, row_version=1))
    w.session.flush()  # what follows refers to the waiver
    if waiver.type == "level":
        carving.carve(w, waiver, request.number)
    if request.subject_id is not None:
        rechecking.recheck_document(w, request.subject_kind, request.subject_id)
