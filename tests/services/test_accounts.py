"""People: sign-in, throttle, invitations, reset, and the end of older sessions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden, Role
from channel.db import db
from channel.demo.cast import PASSWORD
from channel.models.accounts import User
from channel.models.jobs import MailMessage
from channel.queries import accounts as people
from channel.services import accounts, jobs
from channel.services.work import Refused
from tests.services.test_exceptions import refusal

pytestmark = pytest.mark.database


def enter(email: str, password: str = PASSWORD):
    return accounts.sign_in(email, password, "10.0.0.1")


def test_the_right_pair_signs_in_and_the_wrong_one_does_not(world):
    actor, epoch = enter("CM@weir.example ")
    assert (actor.role, epoch) == (Role.CHANNEL_MANAGER, 0)
    assert enter("cm@weir.example", "wrong") is None
    assert enter("nobody@weir.example", "wrong") is None


def test_after_eight_failures_the_address_waits(world):
    for _ in range(people.MAX_ATTEMPTS):
        assert enter("cm@weir.example", "wrong") is None
    assert refusal(enter, "cm@weir.example") == ["sign_in.throttled"]
    with clock.at(clock.now() + people.WINDOW + timedelta(seconds=1)):
        assert enter("cm@weir.example") is not None


def link_in_last_mail() -> str:
    body = db.session.scalars(
        sa.select(MailMessage.body).order_by(MailMessage.id.desc()).limit(1)
    ).one()
    found = re.search(r"/password/(\S+)", body)
    assert found
    return found[1]


def test_an_invitation_is_followed_once(world):
    user_id = accounts.invite_user(
        world.actor("admin"),
        email="New@weir.example",
        name="新人",
        role=Role.FINANCE,
        distributor_id=None,
        locale="zh_CN",
        base_url="http://localhost",
    )
    token = link_in_last_mail()
    assert refusal(accounts.set_password, token, "kurz") == ["password.short"]
    accounts.set_password(token, "ein langes Wort 9")
    assert enter("new@weir.example", "ein langes Wort 9")[0].user_id == user_id
    assert refusal(accounts.set_password, token, "noch ein langes 8") == ["token.used"]


def test_an_old_link_is_dead(world):
    accounts.ask_reset("fin@weir.example", "http://localhost")
    token = link_in_last_mail()
    with clock.at(clock.now() + timedelta(hours=3)):
        assert refusal(accounts.set_password, token, "ein langes Wort 9") == ["token.used"]


def test_nobody_learns_whether_an_address_is_known(world):
    before = db.session.scalar(sa.select(sa.func.count()).select_from(MailMessage))
    accounts.ask_reset("nobody@weir.example", "http://localhost")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MailMessage)) == before


def test_a_new_password_and_lost_rights_end_older_sessions(world):
    me = world.actor("cm")
    assert people.find_actor(me.user_id, 0) is not None
    epoch = accounts.change_password(me, PASSWORD, "ein langes Wort 9")
    assert people.find_actor(me.user_id, 0) is None
    assert people.find_actor(me.user_id, epoch) is not None
    accounts.save_user(
        world.actor("admin"),
        me.user_id,
        name="陈敏",
        role=Role.SALES_REP,
        distributor_id=None,
        is_active=True,
    )
    assert people.find_actor(me.user_id, epoch) is None


def test_the_last_administrator_stays(world):
    admin = world.actor("admin")
    assert refusal(
        accounts.save_user,
        admin,
        admin.user_id,
        name="安迪",
        role=Role.OWNER,
        distributor_id=None,
        is_active=True,
    ) == ["user.last_admin"]


def test_a_distributors_user_needs_its_distributor(world):
    with pytest.raises(Refused):
        accounts.invite_user(
            world.actor("admin"),
            email="x@weir.example",
            name="x",
            role=Role.DISTRIBUTOR,
            distributor_id=None,
            locale="en",
            base_url="",
        )
    with pytest.raises(sa.exc.IntegrityError):
        with db.engine.begin() as connection:  # the database refuses it, too
            connection.execute(
                sa.update(User).where(User.email == "d1@weir.example").values(distributor_id=None)
            )


def test_only_administrators_manage_users(world):
    for name in ("cm", "fin", "boss", "auditor", "d1"):
        with pytest.raises(Forbidden):
            accounts.resend_invitation(world.actor(name), 1, "")


def test_mails_go_to_the_folder_when_no_server_is_set(world):
    accounts.ask_reset("fin@weir.example", "http://localhost")
    assert jobs.deliver_mails() == 1
    folder = world.app.config["WEIR"].var / "mail"
    assert any("fin@weir.example" in f.read_text() for f in folder.glob("*.eml"))
    assert jobs.deliver_mails() == 0
