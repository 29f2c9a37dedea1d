"""Keep the province's targets, every version of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMA = "indicator"


def upgrade() -> None:
    op.create_table(
        "target_sets",
        sa.Column("id", sa.BigInteger, sa.Identity()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False, comment="id of the API key"),
        sa.Column("targets", sa.Text, nullable=False, comment="JSON, a list of targets"),
        sa.PrimaryKeyConstraint("id", name="pk_target_sets"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("target_sets", schema=SCHEMA)
