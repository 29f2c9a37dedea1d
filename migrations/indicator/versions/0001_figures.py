"""Lay out the figures: feed cursor, catalogue log, dimensions, steps and transfers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMA = "indicator"
TABLES = ("transfers", "steps", "step_kinds", "dossiers", "services", "units", "catalogue_entries", "feed_cursor")
MEASURES = (
    "received",
    "received_online",
    "received_direct",
    "received_postal",
    "early",
    "on_time",
    "late",
    "undetermined",
    "withdrawn",
    "stopped",
    "open",
    "waiting",
    "overdue",
    "early_current",
    "on_time_current",
    "late_current",
    "undetermined_current",
    "overdue_current",
    "submitted",
    "submitted_online",
    "late_acceptances",
    "refused",
    "supplement_requests",
    "extensions",
    "apologies_in_time",
    "returned",
    "returned_postal",
)


def upgrade() -> None:
    create_cursor()
    create_dimensions()
    create_step_kinds()
    create_differences()


def create_cursor() -> None:
    cursor = op.create_table(
        "feed_cursor",
        sa.Column("id", sa.SmallInteger, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("recorded_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_feed_cursor"),
        sa.CheckConstraint("id = 1", name="ck_feed_cursor_one_row"),
        schema=SCHEMA,
    )
    op.bulk_insert(cursor, [{"id": 1, "position": 0}])


def create_dimensions() -> None:
    op.create_table(
        "catalogue_entries",
        sa.Column("position", sa.BigInteger, autoincrement=False),
        sa.Column("recorded_on", sa.Date, nullable=False),
        sa.Column("kind", sa.Text, nullable=False, comment="unit | procedure"),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False, comment="JSON of shared.contracts.feed UnitV1 | ProcedureV1"),
        sa.PrimaryKeyConstraint("position", name="pk_catalogue_entries"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_catalogue_entries_kind_code_position", "catalogue_entries", ["kind", "code", "position"], schema=SCHEMA
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer, sa.Identity()),
        sa.Column("code", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("code", name="uq_units_code"),
        schema=SCHEMA,
    )
    op.create_table(
        "services",
        sa.Column("id", sa.Integer, sa.Identity()),
        sa.Column("procedure_code", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("online_level", sa.Text, nullable=False, comment="scheme:value"),
        sa.PrimaryKeyConstraint("id", name="pk_services"),
        schema=SCHEMA,
    )
    op.create_index("uq_services", "services", ["procedure_code", "field", "online_level"], unique=True, schema=SCHEMA)
    op.create_table(
        "dossiers",
        sa.Column("id", sa.BigInteger, sa.Identity()),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("life", sa.Text, nullable=False, comment="JSON of shared.contracts.life LifeV1, as last told"),
        sa.PrimaryKeyConstraint("id", name="pk_dossiers"),
        sa.UniqueConstraint("code", name="uq_dossiers_code"),
        schema=SCHEMA,
    )


def create_step_kinds() -> None:
    op.create_table(
        "step_kinds",
        sa.Column("id", sa.Integer, sa.Identity()),
        *(sa.Column(measure, sa.SmallInteger, nullable=False, server_default=sa.text("0")) for measure in MEASURES),
        sa.PrimaryKeyConstraint("id", name="pk_step_kinds"),
        schema=SCHEMA,
    )
    op.create_index("uq_step_kinds", "step_kinds", list(MEASURES), unique=True, schema=SCHEMA)


def create_differences() -> None:
    op.create_table(
        "steps",
        *origin_columns(),
        sa.Column("unit_id", sa.Integer, nullable=False),
        *trait_columns(),
        sa.Column("kind_id", sa.Integer, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_steps_unit_id_day", "steps", ["unit_id", "day"], schema=SCHEMA)
    op.create_table(
        "transfers",
        *origin_columns(),
        sa.Column("from_unit_id", sa.Integer, nullable=False),
        sa.Column("to_unit_id", sa.Integer, nullable=False),
        *trait_columns(),
        sa.Column("moved", sa.SmallInteger, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_transfers_day", "transfers", ["day"], schema=SCHEMA)


def origin_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("position", sa.BigInteger, nullable=False, comment="feed entry that brought the difference"),
        sa.Column("dossier_id", sa.BigInteger, nullable=False),
        sa.Column("recorded_on", sa.Date, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    ]


def trait_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("service_id", sa.Integer, nullable=False),
        sa.Column("channel", sa.SmallInteger, nullable=False, comment="index into CHANNELS"),
    ]


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, schema=SCHEMA)
