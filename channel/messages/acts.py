"""What the audit trail says of each act; one phrase per tag, kept complete by a test."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

#: tag → phrase. Each room of the field keeps its tags together.
ACTS: dict[str, Any] = {
    "user:sign_in": _l("signed in"),
    "user:invite": _l("invited"),
    "user:ask_reset": _l("asked for a new password"),
    "user:set_password": _l("set a password"),
    "user:save": _l("changed the user"),
    "agreement:draft": _l("drafted the version"),
    "agreement:save": _l("changed the draft"),
    "agreement:submit": _l("submitted for approval"),
    "agreement:withdraw": _l("withdrew from approval"),
    "agreement:approve": _l("approved the version"),
    "agreement:reject": _l("rejected the version"),
    "agreement:revise": _l("took up again as draft"),
    "agreement:terminate": _l("terminated the version"),
    "order:draft": _l("wrote the order"),
    "order:save": _l("changed the order"),
    "order:submit": _l("submitted the order"),
    "order:recheck": _l("checked the order again"),
    "order:cancel": _l("cancelled the order"),
    "order:close": _l("closed the order"),
    "order:reopen": _l("reopened the order"),
    "shipment:plan": _l("planned the shipment"),
    "shipment:check": _l("checked the shipment"),
    "shipment:dispatch": _l("shipped the goods"),
    "shipment:cancel": _l("cancelled the shipment"),
    "invoice:post": _l("posted the invoice"),
    "receipt:post": _l("booked the receipt"),
    "receipt:reverse": _l("reversed the receipt"),
    "limit:propose": _l("proposed the credit limit"),
    "limit:approve": _l("approved the credit limit"),
    "limit:reject": _l("rejected the credit limit"),
    "exception:request": _l("applied for the exception"),
    "exception:approve": _l("approved"),
    "exception:reject": _l("rejected"),
    "exception:send_back": _l("sent back"),
    "exception:resubmit": _l("submitted again"),
    "exception:reassign": _l("reassigned"),
    "exception:add_approver": _l("added an approver"),
    "exception:withdraw": _l("withdrew"),
    "exception:expire": _l("let expire"),
    "exception:remind": _l("reminded the approvers"),
    "exception:escalate": _l("escalated to the owner"),
    "import:confirm": _l("confirmed the import"),
    "import:refuse": _l("refused the file"),
}


#: What an act was done to, by the name of its table.
SUBJECTS: dict[str, Any] = {
    "agreement": _l("agreement"),
    "agreement_version": _l("agreement version"),
    "obligation": _l("free duty"),
    "breach_notice": _l("breach notice"),
    "exit_quotation": _l("exit quotation"),
    "sales_order": _l("order"),
    "stock_policy": _l("stock policy"),
    "shipment": _l("shipment"),
    "invoice": _l("invoice"),
    "receipt": _l("receipt"),
    "credit_limit": _l("credit limit"),
    "credit_policy": _l("credit policy"),
    "exception_request": _l("exception"),
    "user_account": _l("user"),
    "distributor": _l("distributor"),
    "ship_to": _l("ship-to place"),
    "maker": _l("maker"),
    "division": _l("division"),
    "product": _l("product"),
    "product_group": _l("product group"),
    "price_book": _l("price book"),
    "price_entry": _l("price"),
    "vat_rate": _l("VAT rate"),
    "working_day": _l("working day"),
    "rebate_policy": _l("rebate policy"),
    "rebate_run": _l("rebate run"),
    "rebate_group": _l("rebate group"),
    "rebate_statement": _l("statement"),
    "inventory_report": _l("inventory report"),
    "upload": _l("file"),
}


#: Fields in «old → new», as people call them; others show their own name.
FIELDS: dict[str, Any] = {
    "state": _l("state"),
    "gross_fen": _l("amount incl. VAT"),
    "goods_gross_fen": _l("goods incl. VAT"),
    "amount_fen": _l("amount"),
    "floor_fen": _l("minimum shipment asked for"),
    "unit_gross_fen": _l("special price incl. VAT"),
    "max_quantity": _l("quantity at this price"),
    "division_code": _l("division"),
    "product_id": _l("product"),
    "valid_from": _l("first day"),
    "valid_to": _l("until (exclusive)"),
    "terms_hash": _l("hash of the version"),
    "role": _l("role"),
    "name": _l("name"),
    "is_active": _l("active"),
    "distributor_id": _l("distributor"),
    "territory": _l("territory"),
    "targets": _l("targets"),
    "payment": _l("payment term"),
    "price_book": _l("price book"),
    "rebate_policies": _l("rebate policies"),
    "min_shipment_fen": _l("minimum shipment"),
    "duties": _l("other duties"),
    "terms": _l("terms"),
    "version": _l("version"),
    "language": _l("language"),
    "period": _l("period"),
    "filename": _l("file"),
    "rows": _l("rows"),
    "late": _l("working days late"),
    "new": _l("new rows"),
    "changed": _l("changed rows"),
    "same": _l("same rows"),
}


#: Field → the words of its coded values, such as roles.
VALUES: dict[str, dict[str, Any]] = {}


def register_acts(acts: dict[str, Any]) -> None:
    """Add the phrases of a room."""
    ACTS.update(acts)


def register_fields(fields: dict[str, Any]) -> None:
    """Add the names of a room's fields."""
    FIELDS.update(fields)


def register_values(values: dict[str, dict[str, Any]]) -> None:
    """Add the words of coded values, by the name of their field."""
    VALUES.update(values)


def field_word(name: str) -> str:
    """The name of a field; «total CNY» and «7 closing» (row 7) have a part that is data."""
    if name in FIELDS:
        return str(FIELDS[name])
    head, _, tail = name.rpartition(" ")
    if head in FIELDS:
        return f"{FIELDS[head]} {tail}"
    if head.isdigit() and tail in FIELDS:
        return gettext("Row %(row)s", row=head) + f" {FIELDS[tail]}"
    return name


def value_word(name: str, value: str) -> str:
    """A coded value in words; its field may have a part that is data, as in `field_word`."""
    words = VALUES.get(name) or VALUES.get(name.rpartition(" ")[0], {})
    return str(words.get(value, value))


def act_words(tag: str) -> str:
    return str(ACTS.get(tag, tag))
