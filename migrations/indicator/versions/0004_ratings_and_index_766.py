"""Count ratings and what QĐ 766 judges otherwise; tell kinds of steps apart by all their measures in one array.

An index holds 32 columns at most, and there are more measures than that now. What is counted already was counted
without them: `motcua rebuild` counts it anew.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMA = "indicator"
SUMS = ("unit_sums", "service_sums")
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
ADDED = ("rated", "satisfied", "ended_766", "open_766", "ended_766_current", "open_766_current")


def upgrade() -> None:
    op.drop_index("uq_step_kinds", "step_kinds", schema=SCHEMA)
    for measure in ADDED:
        column = sa.Column(measure, sa.SmallInteger, nullable=False, server_default=sa.text("0"))
        op.add_column("step_kinds", column, schema=SCHEMA)
        for table in SUMS:
            op.add_column(table, sa.Column(measure, sa.Integer, comment="null for 0"), schema=SCHEMA)
    together = sa.text(f"(ARRAY[{', '.join((*MEASURES, *ADDED))}])")
    op.create_index("uq_step_kinds", "step_kinds", [together], unique=True, schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("uq_step_kinds", "step_kinds", schema=SCHEMA)
    for measure in ADDED:
        for table in ("step_kinds", *SUMS):
            op.drop_column(table, measure, schema=SCHEMA)
    op.create_index("uq_step_kinds", "step_kinds", list(MEASURES), unique=True, schema=SCHEMA)
