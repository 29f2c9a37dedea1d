"""Tables of the schema report; the queue's own tables are pgqueuer's."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from shared.db import metadata_of

metadata = metadata_of("report")

reports = Table(
    "reports",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("form", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("unit_path", ARRAY(Text), nullable=False, comment="codes from the root to the unit, when ordered"),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False, comment="half-open"),
    Column("period_name", Text, nullable=False),
    Column("cutoff", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("known_at", Date),
    Column("language", Text, nullable=False),
    Column("compare_with", JSON(none_as_null=True)),
    Column("state", Text, nullable=False),
    Column("progress", Double, nullable=False, comment="0..1"),
    Column("attempts", Integer, nullable=False, comment="times a worker began it"),
    Column("created_by", Text, nullable=False, comment="id of the key"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("idempotency_key", Text),
    Column("order_hash", LargeBinary, nullable=False, comment="SHA-256 of what was asked"),
    # json, not jsonb: the figures keep the order of their form.
    Column("content", JSON(none_as_null=True)),
    Column("problem", JSON(none_as_null=True)),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'published')", name="state"),
    CheckConstraint("(content IS NOT NULL) = (state IN ('done', 'published'))", name="content"),
    CheckConstraint("period_start < period_end", name="period"),
    UniqueConstraint("created_by", "idempotency_key"),
)

Index("ix_reports_unit_path", reports.c.unit_path, postgresql_using="gin")

files = Table(
    "files",
    metadata,
    Column("report_id", Uuid, ForeignKey(reports.c.id, ondelete="CASCADE"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
