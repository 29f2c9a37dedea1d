"""Tables of the schema report; the queue's own tables are pgqueuer's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
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
    Column("attempts_before", Integer, nullable=False, server_default=text("0"), comment="those before the last retry"),
    Column("created_by", Text, nullable=False, comment="id of the key"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("idempotency_key", Text),
    Column("order_hash", LargeBinary, nullable=False, comment="SHA-256 of what was asked"),
    # json, not jsonb: the figures keep the order of their form.
    Column("content", JSON(none_as_null=True)),
    Column("problem", JSON(none_as_null=True)),
    Column("publication", JSON(none_as_null=True), comment="who, when, hashes, note; a trigger guards the row"),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'published')", name="state"),
    CheckConstraint("(publication IS NOT NULL) = (state = 'published')", name="publication"),
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

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("key_id", Text, nullable=False, comment="id of the key, or schedule:<id>"),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSON(none_as_null=True)),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("form", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("unit_path", ARRAY(Text), nullable=False, comment="codes from the root to the unit, when made"),
    Column("each", Text, nullable=False, comment="unit: of the unit itself; child: of each unit right below it"),
    Column("parts", ARRAY(Text), nullable=False, comment="Q1 H1 Q3 9M year …"),
    Column("cutoff", Text, nullable=False),
    Column("working_days", Integer, nullable=False, comment="after the period's last day"),
    Column("language", Text, nullable=False),
    Column("starts_on", Date, nullable=False, comment="runs due before are not made"),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)

Index("ix_schedules_unit_path", schedules.c.unit_path, postgresql_using="gin")

# The key is what keeps a run from being made twice.
schedule_runs = Table(
    "schedule_runs",
    metadata,
    Column("schedule_id", Uuid, ForeignKey(schedules.c.id), primary_key=True),
    Column("period_name", Text, primary_key=True),
    Column("unit_code", Text, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("report_id", Uuid, ForeignKey(reports.c.id)),
    Column("problem", JSON(none_as_null=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(report_id IS NULL) <> (problem IS NULL)", name="outcome"),
)

# Never overwritten: what a unit reported as known on a day is its latest row of that day or before.
reported_figures = Table(
    "reported_figures",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("unit_level", Text, nullable=False),
    Column("unit_path", ARRAY(Text), nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False, comment="half-open"),
    Column("name", Text, nullable=False),
    Column("value", BigInteger, comment="null with is_nil: nothing to report; null without: taken back"),
    Column("is_nil", Boolean, nullable=False),
    Column("note", Text, comment="why it stands although an identity fails"),
    Column("submitted_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_on", Date, nullable=False, comment="civil day"),
    CheckConstraint("value IS NULL OR NOT is_nil", name="nil"),
    Index(None, "period_start", "period_end", "unit_code", "name", "id"),
    Index("ix_reported_figures_unit_path", "unit_path", postgresql_using="gin"),
)
