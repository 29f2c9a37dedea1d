"""An index for the list of late acceptances of the whole province."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_dossiers_reception_due",
        "dossiers",
        ["reception_due", "code"],
        schema="dossier",
        postgresql_where=sa.text("reception_due IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_dossiers_reception_due", table_name="dossiers", schema="dossier")
