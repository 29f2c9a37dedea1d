"""One place in quarantine for each subtree and identity, so that no client displaces what another has kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME, TABLE, SCHEMA = "uq_rejected_events_open", "rejected_events", "dossier"
OPEN = sa.text("resolved_at IS NULL")
POSTED_BY = "who posted it: an API key, or oidc: and a subject"
KEY = "API key that posted it"


def upgrade() -> None:
    """Take the subtree into the key of what is open."""
    op.drop_index(NAME, table_name=TABLE, schema=SCHEMA)
    columns = ["source", "id", "unit_code"]
    op.create_index(
        NAME, TABLE, columns, schema=SCHEMA, unique=True, postgresql_where=OPEN, postgresql_nulls_not_distinct=True
    )
    op.alter_column("events", "key_id", schema=SCHEMA, comment=POSTED_BY, existing_comment=KEY)


def downgrade() -> None:
    """Let there be one for all; of several, the oldest stays open."""
    op.alter_column("events", "key_id", schema=SCHEMA, comment=KEY, existing_comment=POSTED_BY)
    op.drop_index(NAME, table_name=TABLE, schema=SCHEMA)
    op.execute(
        "UPDATE dossier.rejected_events later SET resolved_at = later.received_at FROM dossier.rejected_events first"
        " WHERE (later.source, later.id) = (first.source, first.id) AND first.arrival < later.arrival"
        " AND later.resolved_at IS NULL AND first.resolved_at IS NULL"
    )
    op.create_index(NAME, TABLE, ["source", "id"], schema=SCHEMA, unique=True, postgresql_where=OPEN)
