"""Tables of the dossiers, their events and the catalogue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create all tables, and the feed at its beginning."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the secret"),
        sa.Column("unit_code", sa.Text(), nullable=True, comment="root of its subtree; null is the whole tree"),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        schema="dossier",
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSON(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="dossier",
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="calendar version that said so"),
        sa.Column("kind", sa.Text(), nullable=False, comment="off, worked, or usual: as its weekday says"),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("is_estimate", sa.Boolean(), nullable=False, comment="of a year not decided yet"),
        sa.PrimaryKeyConstraint("day", "version", name=op.f("pk_calendar_days")),
        schema="dossier",
    )
    op.create_table(
        "dossiers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="competent unit, where events put it"),
        sa.Column("receiving_unit_code", sa.Text(), nullable=True),
        sa.Column("procedure_code", sa.Text(), nullable=False),
        sa.Column(
            "due_earliest",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="earliest lawful due date it ever had",
        ),
        sa.Column("promised_version", sa.Integer(), nullable=False, comment="calendar its first date was promised by"),
        sa.Column("calendar_version", sa.Integer(), nullable=False, comment="calendar its dates are now counted by"),
        sa.Column(
            "late_from",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="instant it turns late; null while its clock stands still",
        ),
        sa.Column(
            "reception_due",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="instant it should be accepted by; null once answered",
        ),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True, comment="when it ended; null while open"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_dossiers")),
        schema="dossier",
    )
    op.create_index(
        "ix_dossiers_late",
        "dossiers",
        ["late_from", "code"],
        unique=False,
        schema="dossier",
        postgresql_where=sa.text("late_from IS NOT NULL"),
    )
    op.create_index(
        "ix_dossiers_open",
        "dossiers",
        ["code"],
        unique=False,
        schema="dossier",
        postgresql_where=sa.text("status IN ('submitted', 'processing', 'awaiting_supplement', 'awaiting_payment')"),
    )
    op.create_index(
        "ix_dossiers_reception",
        "dossiers",
        ["unit_code", "reception_due", "code"],
        unique=False,
        schema="dossier",
        postgresql_where=sa.text("reception_due IS NOT NULL"),
    )
    op.create_index("ix_dossiers_unit_code", "dossiers", ["unit_code", "code"], unique=False, schema="dossier")
    op.create_index(
        "ix_dossiers_unit_late",
        "dossiers",
        ["unit_code", "late_from", "code"],
        unique=False,
        schema="dossier",
        postgresql_where=sa.text("late_from IS NOT NULL"),
    )
    op.create_table(
        "events",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False, comment="full CloudEvents type"),
        sa.Column("subject", sa.Text(), nullable=False, comment="dossier code, or code of the catalogue entry"),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "unit_code", sa.Text(), nullable=True, comment="competent unit after the event; null for the catalogue"
        ),
        sa.Column("key_id", sa.Text(), nullable=False, comment="API key that posted it"),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False, comment="16 bytes over what the event says"),
        sa.Column("data", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "life",
            postgresql.JSON(astext_type=sa.Text()),
            nullable=True,
            comment="life of the dossier as known after this event",
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
        sa.UniqueConstraint("source", "id", name=op.f("uq_events_source_id")),
        schema="dossier",
    )
    op.create_index("ix_events_subject", "events", ["subject", "position"], unique=False, schema="dossier")
    op.create_table(
        "feed_head",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="last position given out"),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="never goes back, whatever the clock does",
        ),
        sa.Column("catalogue_version", sa.BigInteger(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_feed_head")),
        schema="dossier",
    )
    op.create_table(
        "procedure_versions",
        sa.Column("procedure_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="half-open"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("time_amount", sa.Integer(), nullable=True, comment="in time_unit; null without a limit"),
        sa.Column("time_unit", sa.Text(), nullable=False),
        sa.Column("online_scheme", sa.Text(), nullable=False),
        sa.Column("online_value", sa.Text(), nullable=False),
        sa.Column("at_one_stop", sa.Boolean(), nullable=False),
        sa.Column("interlinked", sa.Text(), nullable=False),
        sa.Column("postal", sa.Boolean(), nullable=False),
        sa.Column("supplement_policy", sa.Text(), nullable=False),
        sa.Column("late_acceptance_after", sa.Time(), nullable=True),
        sa.PrimaryKeyConstraint("procedure_code", "valid_from", name=op.f("pk_procedure_versions")),
        schema="dossier",
    )
    op.create_table(
        "rejected_events",
        sa.Column("arrival", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "unit_code", sa.Text(), nullable=True, comment="subtree of the key that posted it; null is the whole tree"
        ),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("data", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="code of the problem"),
        sa.Column("facts", postgresql.JSON(astext_type=sa.Text()), nullable=False, comment="members of the problem"),
        sa.Column(
            "resolved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was applied after all, or given up",
        ),
        sa.PrimaryKeyConstraint("arrival", name=op.f("pk_rejected_events")),
        schema="dossier",
    )
    op.create_index(
        "ix_rejected_events_open",
        "rejected_events",
        ["subject"],
        unique=False,
        schema="dossier",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(
        "uq_rejected_events_open",
        "rejected_events",
        ["source", "id"],
        unique=True,
        schema="dossier",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="calendar, succession or correction"),
        sa.Column("state", sa.Text(), nullable=False, comment="running or done"),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "calendar_version", sa.Integer(), nullable=True, comment="calendar to date by; null where that stays"
        ),
        sa.Column("after_code", sa.Text(), nullable=False, comment="last dossier looked at"),
        sa.Column("total", sa.BigInteger(), nullable=False, comment="open dossiers when it began"),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        schema="dossier",
    )
    op.create_table(
        "units",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="half-open"),
        sa.Column("successor_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("has_one_stop", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"],
            ["dossier.units.code"],
            name=op.f("fk_units_parent_code_units"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_units")),
        schema="dossier",
    )
    op.create_table(
        "office_hours",
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column(
            "weekdays",
            postgresql.JSON(astext_type=sa.Text()),
            nullable=False,
            comment='{"mon": [["07:30", "11:30"], …], …}',
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["dossier.units.code"],
            name=op.f("fk_office_hours_unit_code_units"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("unit_code", "valid_from", name=op.f("pk_office_hours")),
        schema="dossier",
    )
    op.execute("INSERT INTO dossier.feed_head VALUES (true, 0, '2000-01-01T00:00:00Z', 0, 0)")


def downgrade() -> None:
    """Drop all tables."""
    op.drop_table("office_hours", schema="dossier")
    op.drop_table("units", schema="dossier")
    op.drop_table("runs", schema="dossier")
    op.drop_index(
        "uq_rejected_events_open",
        table_name="rejected_events",
        schema="dossier",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_index(
        "ix_rejected_events_open",
        table_name="rejected_events",
        schema="dossier",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_table("rejected_events", schema="dossier")
    op.drop_table("procedure_versions", schema="dossier")
    op.drop_table("feed_head", schema="dossier")
    op.drop_index("ix_events_subject", table_name="events", schema="dossier")
    op.drop_table("events", schema="dossier")
    op.drop_index(
        "ix_dossiers_unit_late",
        table_name="dossiers",
        schema="dossier",
        postgresql_where=sa.text("late_from IS NOT NULL"),
    )
    op.drop_index("ix_dossiers_unit_code", table_name="dossiers", schema="dossier")
    op.drop_index(
        "ix_dossiers_reception",
        table_name="dossiers",
        schema="dossier",
        postgresql_where=sa.text("reception_due IS NOT NULL"),
    )
    op.drop_index(
        "ix_dossiers_open",
        table_name="dossiers",
        schema="dossier",
        postgresql_where=sa.text("status IN ('submitted', 'processing', 'awaiting_supplement', 'awaiting_payment')"),
    )
    op.drop_index(
        "ix_dossiers_late", table_name="dossiers", schema="dossier", postgresql_where=sa.text("late_from IS NOT NULL")
    )
    op.drop_table("dossiers", schema="dossier")
    op.drop_table("calendar_days", schema="dossier")
    op.drop_table("audit", schema="dossier")
    op.drop_table("api_keys", schema="dossier")
