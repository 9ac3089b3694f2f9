"""The document against the interface: generated calls never break it, and it keeps its word."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import g
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from channel.api.document import openapi_document
from channel.services import api_tokens
from tests.builders import delivered

#: What the document promises of every answer, whatever was asked.
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    (path, method) for path, methods in openapi_document()["paths"].items() for method in methods
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part)
def test_the_interface_keeps_what_the_document_says(world: Any, path: str, method: str) -> None:
    delivered(world, A=100)
    token = api_tokens.make_token(world.actor("cm"), "schemathesis")
    g.__dict__.clear()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method].as_strategy())
    def call(case: Any) -> None:
        g.__dict__.clear()
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        assert response.status_code != 401
        case.validate_response(response, checks=PROMISES)

    call()
