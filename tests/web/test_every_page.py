"""Every page for every role: the right status, valid HTML, and both languages.

The table below names each GET route once; a route without a row fails.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import url_for

from channel.access import GRANTS, Permission, Role
from channel.web.pages import PUBLIC, SIGNED_IN
from tests.guarded_client import GuardedClient
from tests.web.demo_world import HIDDEN_FROM_D1, HIDDEN_FROM_DESKS, demo_app, first_ids

pytestmark = pytest.mark.database

USERS = {
    Role.CHANNEL_MANAGER: "cm",
    Role.FINANCE: "fin",
    Role.SALES_REP: "rep",
    Role.OWNER: "boss",
    Role.ADMIN: "admin",
    Role.DISTRIBUTOR: "d1",
    Role.AUDITOR: "auditor",
}

DESKS = (Role.CHANNEL_MANAGER, Role.SALES_REP)


@pytest.fixture(scope="module")
def demo(tmp_path_factory, backend) -> Iterator:
    with demo_app(tmp_path_factory, backend=backend) as world:
        yield world


def routes(app) -> list:
    return sorted(
        (r for r in app.url_map.iter_rules() if "GET" in (r.methods or ())),
        key=lambda r: r.endpoint,
    )


def permission_of(app, endpoint):
    return getattr(app.view_functions[endpoint], "permission", None)


def test_every_route_declares_a_permission(demo):
    bare = [
        r.endpoint
        for r in demo.app.url_map.iter_rules()
        if r.endpoint != "static"
        and permission_of(demo.app, r.endpoint) not in {*Permission, PUBLIC, SIGNED_IN}
    ]
    assert bare == []


def addresses(app, role: Role) -> list[tuple[str, str]]:
    """(endpoint, path) with the ids of records that exist; routes without one are left out."""
    ids = first_ids()
    found = []
    for rule in routes(app):
        room = rule.endpoint.split(".")[0]
        # Programs bring tokens, not sessions: tests/api has its own table.
        if rule.endpoint in ("static", "accounts.new_password") or room == "api":
            continue
        values = {}
        for name in rule.arguments:
            key = (rule.endpoint, name) if (rule.endpoint, name) in ids else (room, name)
            assert key in ids, f"{rule.endpoint}: no example for {name}; add one"
            values[name] = ids[key]
        if None not in values.values():
            with app.test_request_context():
                found.append((rule.endpoint, url_for(rule.endpoint, **values)))
    return found


@pytest.mark.row("P01")
@pytest.mark.parametrize("role", list(Role), ids=lambda r: r.value)
def test_each_role_gets_its_pages_and_no_other(demo, role):
    """200 or a redirect where the role grants the permission, 403 elsewhere; never an error."""
    client = GuardedClient(demo.app, demo.actor(USERS[role]))
    wrong = []
    for endpoint, path in addresses(demo.app, role):
        permission = permission_of(demo.app, endpoint)
        response = client.client.get(path)
        allowed = permission in (PUBLIC, SIGNED_IN) or permission in GRANTS[role]
        good = {200, 302, 303} if allowed else {403}
        if role is Role.DISTRIBUTOR and endpoint in HIDDEN_FROM_D1:
            good = {404}
        if role in DESKS and endpoint in HIDDEN_FROM_DESKS:
            good = {404}
        if response.status_code not in good:
            wrong.append((path, response.status_code, "allowed" if allowed else "forbidden"))
        elif response.status_code == 200:
            client._look(response)
    assert not wrong, wrong


def test_nobody_gets_a_page_without_signing_in(demo):
    client = demo.app.test_client()
    for endpoint, path in addresses(demo.app, Role.OWNER):
        if permission_of(demo.app, endpoint) == PUBLIC:
            continue
        response = client.get(path)
        assert response.status_code == 302, path
        assert "/login" in response.location
