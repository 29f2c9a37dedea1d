"""Keep sums of the steps, by place and time; everything is counted anew from the feed.

The figures are derived: a cursor set back to the beginning makes indicator_api read the feed again,
which fills the new tables as it refills the old ones.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMA = "indicator"
DERIVED = ("transfers", "steps", "step_kinds", "dossiers", "services", "units", "catalogue_entries")
TABLES = ("transfer_sums", "service_sums", "unit_sums", "places")
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
ROOM_FOR_CHANGES = {"fillfactor": "80"}


def upgrade() -> None:
    op.execute(f"TRUNCATE {', '.join(f'{SCHEMA}.{table}' for table in DERIVED)}")
    op.execute("UPDATE indicator.feed_cursor SET position = 0, at = NULL, recorded_on = NULL")
    op.create_index("ix_steps_recorded", "steps", ["position", "recorded_on"], schema=SCHEMA, postgresql_using="brin")
    create_places()
    create_unit_sums()
    create_service_sums()
    create_transfer_sums()


def create_places() -> None:
    op.create_table(
        "places",
        sa.Column("id", sa.Integer, sa.Identity()),
        sa.Column("unit_id", sa.Integer, nullable=False, comment="the unit alone, or the head of a branch"),
        sa.Column("level", sa.Text, comment="of the branch; null is the unit alone"),
        sa.Column("members", sa.ARRAY(sa.Integer), nullable=False, comment="ids of units"),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_places", "places", ["unit_id", "level"], unique=True, schema=SCHEMA, postgresql_nulls_not_distinct=True
    )


def create_unit_sums() -> None:
    op.create_table(
        "unit_sums",
        number("place_id"),
        *grain_columns(),
        channel_column(),
        *measure_columns(),
        sa.PrimaryKeyConstraint("place_id", "grain", "start", "channel", name="pk_unit_sums"),
        schema=SCHEMA,
        postgresql_with=ROOM_FOR_CHANGES,
    )


def create_service_sums() -> None:
    op.create_table(
        "service_sums",
        number("place_id"),
        *grain_columns(),
        number("service_id"),
        channel_column(),
        *measure_columns(),
        sa.PrimaryKeyConstraint("place_id", "grain", "start", "service_id", "channel", name="pk_service_sums"),
        schema=SCHEMA,
        postgresql_with=ROOM_FOR_CHANGES,
    )


def create_transfer_sums() -> None:
    op.create_table(
        "transfer_sums",
        *grain_columns(),
        number("from_unit_id"),
        number("to_unit_id"),
        channel_column(),
        sa.Column("moved", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("grain", "start", "from_unit_id", "to_unit_id", "channel", name="pk_transfer_sums"),
        schema=SCHEMA,
        postgresql_with=ROOM_FOR_CHANGES,
    )


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def grain_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("grain", sa.SmallInteger, nullable=False, autoincrement=False, comment="domain.grains.Grain"),
        sa.Column("start", sa.Date, nullable=False, comment="first day of the grain"),
    ]


def channel_column() -> sa.Column[int]:
    return sa.Column("channel", sa.SmallInteger, nullable=False, autoincrement=False, comment="index into CHANNELS")


def measure_columns() -> list[sa.Column[int | None]]:
    return [sa.Column(measure, sa.Integer, comment="null for 0") for measure in MEASURES]


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, schema=SCHEMA)
    op.drop_index("ix_steps_recorded", "steps", schema=SCHEMA)
