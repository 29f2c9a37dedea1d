"""The tables of the schema `dossier`."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from shared.db import metadata_of

metadata = metadata_of("dossier")
Instant = sa.DateTime(timezone=True)

feed_head = sa.Table(
    "feed_head",
    metadata,
    sa.Column("one", sa.Boolean, sa.CheckConstraint("one", name="single"), primary_key=True, server_default=sa.true()),
    sa.Column("position", sa.BigInteger, nullable=False, comment="last position given out"),
    sa.Column("recorded_at", Instant, nullable=False, comment="never goes back, whatever the clock does"),
    sa.Column("catalogue_version", sa.BigInteger, nullable=False),
    sa.Column("calendar_version", sa.Integer, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False, comment="full CloudEvents type"),
    sa.Column("subject", sa.Text, nullable=False, comment="dossier code, or code of the catalogue entry"),
    sa.Column("occurred_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("unit_code", sa.Text, comment="competent unit after the event; null for the catalogue"),
    sa.Column("key_id", sa.Text, nullable=False, comment="who posted it: an API key, or oidc: and a subject"),
    sa.Column("content_hash", sa.LargeBinary, nullable=False, comment="16 bytes over what the event says"),
    sa.Column("data", pg.JSON, nullable=False),
    sa.Column("life", pg.JSON, comment="life of the dossier as known after this event"),
    sa.UniqueConstraint("source", "id"),
    sa.Index("ix_events_subject", "subject", "position"),
)

dossiers = sa.Table(
    "dossiers",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("unit_code", sa.Text, nullable=False, comment="competent unit, where events put it"),
    sa.Column("receiving_unit_code", sa.Text),
    sa.Column("procedure_code", sa.Text, nullable=False),
    sa.Column("due_earliest", Instant, comment="earliest lawful due date it ever had"),
    sa.Column("promised_version", sa.Integer, nullable=False, comment="calendar its first date was promised by"),
    sa.Column("calendar_version", sa.Integer, nullable=False, comment="calendar its dates are now counted by"),
    sa.Column("late_from", Instant, comment="instant it turns late; null while its clock stands still"),
    sa.Column("reception_due", Instant, comment="instant it should be accepted by; null once answered"),
    sa.Column("is_extended", sa.Boolean, nullable=False),
    sa.Column("closed_at", Instant, comment="when it ended; null while open"),
    sa.Index("ix_dossiers_unit_code", "unit_code", "code"),
    sa.Index("ix_dossiers_late", "late_from", "code", postgresql_where=sa.text("late_from IS NOT NULL")),
    sa.Index(
        "ix_dossiers_unit_late", "unit_code", "late_from", "code", postgresql_where=sa.text("late_from IS NOT NULL")
    ),
    sa.Index(
        "ix_dossiers_reception_due",
        "reception_due",
        "code",
        postgresql_where=sa.text("reception_due IS NOT NULL"),
    ),
    sa.Index(
        "ix_dossiers_reception",
        "unit_code",
        "reception_due",
        "code",
        postgresql_where=sa.text("reception_due IS NOT NULL"),
    ),
    sa.Index(
        "ix_dossiers_open",
        "code",
        postgresql_where=sa.text("status IN ('submitted', 'processing', 'awaiting_supplement', 'awaiting_payment')"),
    ),
)

rejected_events = sa.Table(
    "rejected_events",
    metadata,
    sa.Column("arrival", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("occurred_at", Instant, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("unit_code", sa.Text, comment="subtree of the key that posted it; null is the whole tree"),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("content_hash", sa.LargeBinary, nullable=False),
    sa.Column("data", pg.JSON, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, comment="code of the problem"),
    sa.Column("facts", pg.JSON, nullable=False, comment="members of the problem"),
    sa.Column("resolved_at", Instant, comment="when it was applied after all, or given up"),
    sa.Index("ix_rejected_events_open", "subject", postgresql_where=sa.text("resolved_at IS NULL")),
    sa.Index(
        "uq_rejected_events_open",
        "source",
        "id",
        "unit_code",
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("resolved_at IS NULL"),
    ),
)

units = sa.Table(
    "units",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("parent_code", sa.Text, sa.ForeignKey("dossier.units.code", deferrable=True, initially="DEFERRED")),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, comment="half-open"),
    sa.Column("successor_codes", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("has_one_stop", sa.Boolean, nullable=False),
)

procedure_versions = sa.Table(
    "procedure_versions",
    metadata,
    sa.Column("procedure_code", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Date, primary_key=True),
    sa.Column("valid_to", sa.Date, comment="half-open"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("time_amount", sa.Integer, comment="in time_unit; null without a limit"),
    sa.Column("time_unit", sa.Text, nullable=False),
    sa.Column("online_scheme", sa.Text, nullable=False),
    sa.Column("online_value", sa.Text, nullable=False),
    sa.Column("at_one_stop", sa.Boolean, nullable=False),
    sa.Column("interlinked", sa.Text, nullable=False),
    sa.Column("postal", sa.Boolean, nullable=False),
    sa.Column("supplement_policy", sa.Text, nullable=False),
    sa.Column("late_acceptance_after", sa.Time),
)

calendar_days = sa.Table(
    "calendar_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, comment="calendar version that said so"),
    sa.Column("kind", sa.Text, nullable=False, comment="off, worked, or usual: as its weekday says"),
    sa.Column("name", sa.Text),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("is_estimate", sa.Boolean, nullable=False, comment="of a year not decided yet"),
)

office_hours = sa.Table(
    "office_hours",
    metadata,
    sa.Column(
        "unit_code",
        sa.Text,
        sa.ForeignKey("dossier.units.code", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    sa.Column("valid_from", sa.Date, primary_key=True),
    sa.Column("weekdays", pg.JSON, nullable=False, comment='{"mon": [["07:30", "11:30"], …], …}'),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False, comment="SHA-256 of the secret"),
    sa.Column("unit_code", sa.Text, comment="root of its subtree; null is the whole tree"),
    sa.Column("scopes", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("revoked_at", Instant),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("before", pg.JSON),
    sa.Column("after", pg.JSON),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False, comment="calendar, succession or correction"),
    sa.Column("state", sa.Text, nullable=False, comment="running or done"),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("calendar_version", sa.Integer, comment="calendar to date by; null where that stays"),
    sa.Column("after_code", sa.Text, nullable=False, comment="last dossier looked at"),
    sa.Column("total", sa.BigInteger, nullable=False, comment="open dossiers when it began"),
    sa.Column("seen", sa.BigInteger, nullable=False),
    sa.Column("changed", sa.BigInteger, nullable=False),
)
