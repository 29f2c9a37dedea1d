"""Let the index of what was recorded when tell the days as well: it finds what came late about any of them."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMA = "indicator"
INDEX = "ix_steps_recorded"


def upgrade() -> None:
    _make_anew("position", "recorded_on", "day")


def downgrade() -> None:
    _make_anew("position", "recorded_on")


def _make_anew(*columns: str) -> None:
    op.drop_index(INDEX, "steps", schema=SCHEMA)
    op.create_index(INDEX, "steps", list(columns), schema=SCHEMA, postgresql_using="brin")
