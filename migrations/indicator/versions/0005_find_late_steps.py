"""Let the index of what was recorded when tell the days as well: it finds what came late about any of them."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMA = "indicator"
INDEX = "ix_steps_recorded"
NEW_INDEX = f"{INDEX}_new"


def upgrade() -> None:
    _make_anew("position", "recorded_on", "day")


def downgrade() -> None:
    _make_anew("position", "recorded_on")


def _make_anew(*columns: str) -> None:
    # In this order readers wait only for the exchange, not for the making of the new one.
    op.create_index(NEW_INDEX, "steps", list(columns), schema=SCHEMA, postgresql_using="brin")
    op.drop_index(INDEX, "steps", schema=SCHEMA)
    op.execute(f"ALTER INDEX {SCHEMA}.{NEW_INDEX} RENAME TO {INDEX}")
