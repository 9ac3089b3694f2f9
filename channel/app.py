"""The factory: the one place that knows everything."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import channel.models  # noqa: F401  # every table must be known
from channel import api, cli, web
from channel.db import db, prepare_engine
from channel.messages import catalogue
from config import Config

HOME = Path(__file__).parent


def create_app(config: Config) -> Flask:
    """An application on one database. Needs no network and no running service but that."""
    app = Flask(
        "channel",
        root_path=str(HOME),
        template_folder=str(HOME.parent / "templates"),
        static_folder=str(HOME / "static"),
    )
    app.config.update(
        WEIR=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config.database_url),
        MAX_CONTENT_LENGTH=config.max_upload_bytes,
        MAX_FORM_PARTS=20_000,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=config.session_lifetime,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=config.secure_cookies,
        SESSION_COOKIE_NAME="weir",
        TESTING=config.testing,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="zh_CN",
        BABEL_TRANSLATION_DIRECTORIES=str(catalogue.compile_into(config.var / "translations")),
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    if config.trusted_proxies:
        n = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    Migrate(app, db, directory=str(HOME / "migrations"), compare_type=True)
    web.init_app(app)
    api.init_app(app)
    web.session.csrf.exempt(api.bp)
    cli.init_app(app)
    return app


def _engine_options(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        return {"poolclass": sa.pool.QueuePool, "pool_size": 5}
    return {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True}
