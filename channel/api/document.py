"""The OpenAPI document, written from the routes themselves so that it cannot lag behind them."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, json

from channel.api.routing import KEY_PATTERN, LINES_MAX, ROUTES, Query, Route, bp

TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer", "format": "int64"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
FLAG: dict[str, Any] = {"type": "boolean"}


def maybe(schema: dict[str, Any]) -> dict[str, Any]:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def record(**members: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these members."""
    return {"type": "object", "properties": members, "required": sorted(members)}


FINDING = record(
    code=TEXT,
    severity={"type": "string", "enum": ["info", "warn", "block"]},
    subject=TEXT,
    sentence=TEXT,
    remedy=TEXT,
    facts={"type": "object"},
)
VERDICT = {
    **record(
        decision={"type": "string", "enum": ["accept", "hold", "refuse"]},
        findings=many(ref("Finding")),
    ),
    "type": ["object", "null"],
}
PRICED = record(
    product=TEXT,
    quantity=WHOLE,
    unit_gross_fen=WHOLE,
    gross_fen=WHOLE,
    vat_rate_bp=WHOLE,
    price_source=TEXT,
    free=FLAG,
)
KEY = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": KEY_PATTERN}
SCHEMAS: dict[str, dict[str, Any]] = {
    "Finding": FINDING,
    "Problem": {
        **record(type=TEXT, title=TEXT, status=WHOLE, detail=TEXT, instance=TEXT),
        "description": "RFC 9457; findings carry codes for programs and sentences for people",
    },
    "NewOrder": {
        "type": "object",
        "additionalProperties": False,
        "required": ["external_key", "distributor", "lines"],
        "properties": {
            "external_key": KEY,
            "distributor": {"type": "string", "minLength": 1, "maxLength": 64,
                            "pattern": KEY_PATTERN},
            "order_date": DAY,
            "deliver_on": DAY,
            "ship_to": {"type": "integer", "minimum": 1, "maximum": 10**12},
            "note": {"type": "string", "maxLength": 500, "pattern": r"^[^\x00]*$"},
            "lines": {
                "type": "array",
                "minItems": 1,
                "maxItems": LINES_MAX,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["product", "quantity"],
                    "properties": {
                        "product": {"type": "string", "minLength": 1, "maxLength": 64,
                                    "pattern": KEY_PATTERN},
                        "quantity": {"type": "integer", "minimum": 1, "maximum": 10_000_000},
                        "free": FLAG,
                        "price_fen": {"type": "integer", "minimum": 0, "maximum": 10**12},
                    },
                },
            },
        },
    },
    "NewStockReport": {
        "type": "object",
        "additionalProperties": False,
        "required": ["distributor", "period"],
        "description": "rows or file; quantities in the unit of the row, null is a blank, not 0",
        "properties": {
            "external_key": KEY,
            "distributor": {"type": "string", "minLength": 1, "maxLength": 64,
                            "pattern": KEY_PATTERN},
            "period": {"type": "string", "minLength": 1, "maxLength": 30,
                       "pattern": r"^[0-9.-]+$", "example": "2026-10"},
            "reason": {"type": "string", "maxLength": 500, "pattern": r"^[^\x00]*$"},
            "file_it": FLAG,
            "rows": {"type": "array", "maxItems": 100_000, "items": {"type": "object"}},
            "file": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "content"],
                "description": "any file that the page takes, in Base64",
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 200,
                             "pattern": r"^[^\x00]+$"},
                    "content": {"type": "string", "minLength": 1},
                },
            },
        },
    },
    "StockReport": record(
        id=WHOLE, state=TEXT, period=TEXT, file=TEXT, rows=WHOLE, report=maybe(WHOLE),
        version=maybe(WHOLE), findings=many(ref("Finding")),
    ),
    "Cancellation": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "reason": {"type": "string", "maxLength": 500, "pattern": r"^[^\x00]*$"},
            "version": {"type": "integer", "minimum": 1, "maximum": 10**9},
        },
    },
    "Order": record(
        id=WHOLE, number=TEXT, distributor=TEXT, state=TEXT, order_date=DAY,
        deliver_on=maybe(DAY), ship_to=maybe(WHOLE), division=maybe(TEXT), currency=TEXT,
        gross_fen=WHOLE, freight_fen=WHOLE, note=TEXT, version=WHOLE, lines=many(PRICED),
        verdict=VERDICT,
    ),
    "Preview": record(
        decision=TEXT, findings=many(ref("Finding")), gross_fen=WHOLE, lines=many(PRICED)
    ),
    "Rows": record(
        items=many({"type": "object"}), count=WHOLE, page=WHOLE, pages=WHOLE
    ),
    "Shipment": record(
        id=WHOLE, number=TEXT, distributor=TEXT, state=TEXT, ship_date=DAY, ship_to=maybe(WHOLE),
        division=maybe(TEXT), currency=TEXT, goods_gross_fen=WHOLE, freight_fen=WHOLE,
        invoice=maybe(TEXT), lines=many({"type": "object"}), verdict=VERDICT,
    ),
    "Invoice": record(
        id=WHOLE, number=TEXT, kind=TEXT, distributor=TEXT, invoice_date=DAY, due_date=DAY,
        pay_by=DAY, currency=TEXT, net_fen=WHOLE, tax_fen=WHOLE, gross_fen=WHOLE, open_fen=WHOLE,
        lines=many({"type": "object"}), charges=many({"type": "object"}),
        instalments=many({"type": "object"}),
    ),
    "Credit": record(distributor=TEXT, on=DAY, accounts=many({"type": "object"})),
    "Agreement": record(
        number=TEXT, version=WHOLE, distributor=TEXT, valid_from=DAY, valid_to=DAY,
        terms_hash=TEXT, terms={"type": "object"},
    ),
    "Exception": record(
        id=WHOLE, number=TEXT, type=TEXT, distributor=TEXT, state=TEXT, size_fen=WHOLE,
        currency=TEXT, document=TEXT, reason=TEXT, valid_from=DAY, valid_to=DAY,
        max_uses=maybe(WHOLE), max_value_fen=maybe(WHOLE),
    ),
    "Price": record(
        product=TEXT, name=TEXT, unit=TEXT, distributor=TEXT, on=DAY, gross_fen=WHOLE,
        net_fen=WHOLE, tax_fen=WHOLE, vat_rate_bp=WHOLE, price_source=TEXT, currency=TEXT,
    ),
}  # fmt: skip


#: What every operation may answer beside success.
TROUBLE = {
    "400": "cannot be read",
    "401": "no token, or not one of ours",
    "403": "not allowed",
    "404": "no such record among yours",
    "409": "changed meanwhile, or key in use",
    "415": "not JSON",
    "422": "a rule said no",
    "429": "too many wrong tokens",
}


def _parameter(query: Query) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200}
    if query.kind == "date":
        schema = {**DAY, "example": "2026-11-21"}
    elif query.kind == "integer":
        schema = {"type": "integer", "minimum": 1, "maximum": 999_999}
    elif query.kind == "choice":
        # One or several words; the first is enough for a form that knows no lists.
        schema = {"type": "string", "enum": list(query.choices)}
    return {"name": query.name, "in": "query", "description": query.words, "schema": schema}


def _path(route: Route) -> tuple[str, list[dict[str, Any]]]:
    """The rule as the document writes it, with its parameters."""
    found = []
    for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.rule):
        schema: dict[str, Any] = {"type": "string", "minLength": 1, "pattern": KEY_PATTERN}
        if kind == "int":
            schema = {"type": "integer", "minimum": 1, "maximum": 2**53}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule), found


def _operation(route: Route, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    good = route.statuses or {200: route.summary}
    answers: dict[str, Any] = {
        str(status): {
            "description": words,
            "content": {"application/json": {"schema": ref(route.gives)}},
        }
        for status, words in good.items()
        if status < 300
    }
    for status, words in TROUBLE.items():
        answers[status] = {
            "description": words,
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
    described: dict[str, Any] = {
        "operationId": route.view.__name__,
        "summary": route.summary,
        "description": f"Needs the permission {route.permission.value}.",
        "parameters": [*parameters, *map(_parameter, route.queries)],
        "responses": answers,
    }
    if route.takes:
        content = {"application/json": {"schema": ref(route.takes)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def openapi_document() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        path, parameters = _path(route)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, parameters)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Weir",
            "version": "1",
            "description": "Orders, shipments, invoices, credit, agreements, exceptions, prices. "
            "Amounts are whole fen incl. VAT unless the name says otherwise; days are ISO dates "
            "of China. Sentences come in the language of Accept-Language (zh or en).",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def openapi() -> Response:
    """Readable without a token: it says how to get one, and holds no figures."""
    return Response(json.dumps(openapi_document()), mimetype="application/json")


openapi.permission = "public"  # type: ignore[attr-defined]
bp.add_url_rule("/openapi.json", "openapi", openapi, methods=["GET"])
