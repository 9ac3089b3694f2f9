"""Reads of inventory reports: the lists, one report with its rows, and its other versions."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.catalogue import Product
from channel.models.jobs import Job
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.uploads import Upload
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible
from channel.queries.stock_facts import KIND
from channel.queries.stock_versions import is_newest
from contracts.values.periods import Period

#: Loader options for an upload that is about to be read.
REPORT_UPLOADS = (sa.orm.undefer(Upload.data),)


def get_upload(actor: Actor, upload_id: int) -> Upload:
    """The file of a report with its bytes, or NotVisible; files of imports are not seen here."""
    upload: Upload = get_visible(actor, Upload, upload_id, *REPORT_UPLOADS)
    if upload.kind != KIND:
        raise NotVisible
    return upload


def find_upload(upload_id: int | None) -> Upload | None:
    """The file that a report came from, without its bytes."""
    return db.session.get(Upload, upload_id) if upload_id else None


def get_report(actor: Actor, report_id: int) -> InventoryReport:
    """The report with its distributor, its rows and their goods."""
    report: InventoryReport = get_visible(
        actor,
        InventoryReport,
        report_id,
        joinedload(InventoryReport.distributor),
        selectinload(InventoryReport.rows).joinedload(InventoryRow.product),
    )
    return report


def versions(report: InventoryReport) -> list[InventoryReport]:
    """All versions of the report's period, the current one first."""
    return list(
        db.session.scalars(
            sa.select(InventoryReport)
            .where(
                InventoryReport.distributor_id == report.distributor_id,
                InventoryReport.period_start == report.period_start,
            )
            .order_by(InventoryReport.version_no.desc())
        )
    )


def same_file(distributor_id: int, period: str, sha256: str) -> int | None:
    """The upload that holds these very bytes for this period already."""
    rows = db.session.execute(
        sa.select(Upload.id, Upload.options)
        .where(
            Upload.kind == KIND, Upload.sha256 == sha256, Upload.distributor_id == distributor_id
        )
        .order_by(Upload.id.desc())
    )
    return next((found for found, options in rows if options.get("period") == period), None)


def upload_by_key(actor: Actor, distributor_id: int, key: str) -> int | None:
    """The upload that the sender's own system calls by this key."""
    return db.session.scalar(
        sa.select(Upload.id)
        .where(
            Upload.kind == KIND,
            Upload.distributor_id == distributor_id,
            Upload.options["key"].as_string() == key,
            visible(actor, Upload.distributor_id),
        )
        .order_by(Upload.id)
        .limit(1)
    )


def job_of_upload(upload_id: int) -> int:
    """The newest job that checks or files a large upload."""
    prefixes = [f"stock_check:{upload_id}:%", f"stock_file:{upload_id}:%"]
    found = db.session.scalar(
        sa.select(Job.id)
        .where(sa.or_(*(Job.key.like(prefix) for prefix in prefixes)))
        .order_by(Job.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotVisible
    return found


def report_of_upload(upload_id: int) -> int:
    """The report that a confirmed upload became."""
    found = db.session.scalar(
        sa.select(InventoryReport.id).where(InventoryReport.upload_id == upload_id)
    )
    if found is None:
        raise NotVisible
    return found


def report_periods() -> list[tuple[str, str]]:
    """The periods that reports exist for, newest first."""
    rows = db.session.scalars(
        sa.select(InventoryReport.period)
        .group_by(InventoryReport.period)
        .order_by(sa.func.max(InventoryReport.period_start).desc())
        .limit(60)
    )
    return [(label, label) for label in rows]


#: What a list says of a report: where it stands, and late only when that is settled.
REPORT_STATE = sa.case(
    (InventoryReport.state == "submitted", "submitted"),
    (InventoryReport.state == "returned", "sent_back"),
    (InventoryReport.late_days > 0, "late"),
    else_="accepted",
)

REPORTS = Listing(
    name="inventory-reports",
    title=_l("Inventory reports"),
    identity=InventoryReport.id,
    source=sa.join(InventoryReport, Distributor, Distributor.id == InventoryReport.distributor_id),
    columns=[
        Column("period", _l("period"), InventoryReport.period, "code"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("version_no", _l("version"), InventoryReport.version_no, "quantity", wide=True),
        Column("first_filed_on", _l("filed"), InventoryReport.first_filed_on, "date"),
        Column("due_on", _l("report due"), InventoryReport.due_on, "date", wide=True),
        Column(
            "late_days",
            _l("late by working days"),
            sa.func.nullif(InventoryReport.late_days, 0),
            "quantity",
        ),
        Column(
            "state",
            _l("state"),
            REPORT_STATE,
            "state",
            wide=True,
        ),
    ],
    default_sort="-period",
    scope=lambda actor: sa.and_(visible(actor, InventoryReport.distributor_id), is_newest()),
    filters=[
        Filter(
            "state",
            _l("state"),
            REPORT_STATE,
            choices=[
                ("submitted", _l("waits for the channel manager")),
                ("sent_back", _l("sent back")),
                ("late", _l("accepted, late")),
                ("accepted", _l("accepted, in time")),
            ],
        ),
        Filter("period", _l("period"), InventoryReport.period, choices=report_periods),
        Filter(
            "late",
            _l("in time or late"),
            sa.type_coerce(InventoryReport.late_days > 0, sa.Boolean),
            choices=[("1", _l("late")), ("0", _l("in time"))],
        ),
    ],
    search=[Distributor.name, Distributor.code, InventoryReport.period],
    endpoint="stock.record",
    empty=_l("No report yet: file the first one."),
)

FILES_IN_WORK = Listing(
    name="inventory-files",
    title=_l("Files not yet confirmed"),
    identity=Upload.id,
    source=sa.join(Upload, Distributor, Distributor.id == Upload.distributor_id),
    columns=[
        Column("filename", _l("file name"), Upload.filename),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("period", _l("period"), Upload.options["period"].as_string(), "code"),
        Column("uploaded_at", _l("received at"), Upload.uploaded_at, "instant", wide=True),
        Column("blocked", _l("rows to mend"), Upload.summary["blocked"].as_integer(), "quantity"),
    ],
    default_sort="-uploaded_at",
    scope=lambda actor: sa.and_(
        visible(actor, Upload.distributor_id),
        Upload.kind == KIND,
        Upload.state.in_(("received", "checked")),
    ),
    search=[Upload.filename, Distributor.name],
    endpoint="stock.review",
    empty=_l("No file waits to be confirmed."),
)


def lacks_report(period: Period, by: date | None = None) -> sa.ColumnElement[bool]:
    """Whether a distributor was under an agreement in the period and has not filed its report,
    or had not by a day."""
    under_contract = (
        sa.select(AgreementVersion.id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(
            Agreement.distributor_id == Distributor.id,
            AgreementVersion.state.in_(("approved", "suspended")),
            AgreementVersion.valid_from < period.end,
            AgreementVersion.valid_to > period.start,
        )
        .exists()
    )
    reports = sa.select(InventoryReport.id).where(
        InventoryReport.distributor_id == Distributor.id,
        InventoryReport.period_start < period.end,
        InventoryReport.period_end > period.start,
    )
    if by is not None:
        reports = reports.where(InventoryReport.first_filed_on <= by)
    return sa.and_(Distributor.is_active.is_(True), under_contract, ~reports.exists())


def not_filed(period: Period) -> Listing:
    """Distributors under an agreement in the period who have not filed its report."""
    return Listing(
        name="inventory-not-filed",
        title=_l("Not yet filed"),
        identity=Distributor.id,
        source=Distributor,
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("contact", _l("contact"), Distributor.contact, wide=True),
            Column("phone", _l("phone"), Distributor.phone),
        ],
        default_sort="code",
        scope=lambda actor: sa.and_(visible(actor, Distributor.id), lacks_report(period)),
        search=[Distributor.name, Distributor.code],
        endpoint="partners.record",
        fixed={"period": period.label},
        empty=_l("Everybody has filed."),
    )


def product_names(codes: set[str]) -> dict[str, str]:
    """Product code → name of the goods in a file; unknown codes are missing."""
    rows = db.session.execute(sa.select(Product.code, Product.name).where(Product.code.in_(codes)))
    return dict(rows.all())
