"""Tables of the reports and their files, and the queue that makes them."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

QUEUE = Path(__file__).parents[1] / "0001_queue.sql"


def upgrade() -> None:
    """Create the tables, then the queue."""
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column(
            "unit_path",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="codes from the root to the unit, when ordered",
        ),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False, comment="half-open"),
        sa.Column("period_name", sa.Text(), nullable=False),
        sa.Column("cutoff", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("compare_with", postgresql.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False, comment="0..1"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="times a worker began it"),
        sa.Column("created_by", sa.Text(), nullable=False, comment="id of the key"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("order_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of what was asked"),
        sa.Column("content", postgresql.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", postgresql.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'published')", name=op.f("ck_reports_state")
        ),
        sa.CheckConstraint("(content IS NOT NULL) = (state IN ('done', 'published'))", name=op.f("ck_reports_content")),
        sa.CheckConstraint("period_start < period_end", name=op.f("ck_reports_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("created_by", "idempotency_key", name=op.f("uq_reports_created_by_idempotency_key")),
        schema="report",
    )
    op.create_index(
        "ix_reports_unit_path", "reports", ["unit_path"], unique=False, schema="report", postgresql_using="gin"
    )
    op.create_table(
        "files",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.reports.id"], name=op.f("fk_files_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "format", name=op.f("pk_files")),
        schema="report",
    )
    _run_script(QUEUE)


def downgrade() -> None:
    """Drop everything; reports are lost."""
    op.execute("DROP TABLE report.pgqueuer, report.pgqueuer_log, report.pgqueuer_schedules, report.pgqueuer_statistics")
    op.execute("DROP FUNCTION report.fn_pgqueuer_changed")
    op.execute("DROP TYPE report.pgqueuer_status")
    op.drop_table("files", schema="report")
    op.drop_table("reports", schema="report")


def _run_script(path: Path) -> None:
    """Run a file of several statements, which only the driver itself takes, in the open transaction."""
    connection = op.get_bind().connection
    connection.run_async(lambda driver: driver.execute(path.read_text()))  # type: ignore[attr-defined]
