"""Reports may be cancelled, retried and published; schedules, reported figures, the audit."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = "'queued', 'running', 'done', 'failed', 'published'"
# Whoever comes past the service, a published report and its files stay as they are.
GUARD = """
CREATE FUNCTION report.refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'reports' THEN
        IF OLD.state = 'published' THEN
            RAISE EXCEPTION 'report % is published', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF EXISTS (SELECT FROM report.reports WHERE id = OLD.report_id AND state = 'published') THEN
        RAISE EXCEPTION 'report % is published', OLD.report_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    """Widen the reports, then add the tables and the guard of what is published."""
    _widen_reports()
    _add_audit()
    _add_schedules()
    _add_reported_figures()
    op.execute(GUARD)
    for table in ("reports", "files"):
        op.execute(
            f"CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON report.{table} "
            "FOR EACH ROW EXECUTE FUNCTION report.refuse_change_of_published()"
        )


def downgrade() -> None:
    """Drop what was added; published and cancelled reports go back to done and failed."""
    for table in ("reports", "files"):
        op.execute(f"DROP TRIGGER published_stays ON report.{table}")
    op.execute("DROP FUNCTION report.refuse_change_of_published")
    for table in ("reported_figures", "schedule_runs", "schedules", "audit"):
        op.drop_table(table, schema="report")
    op.drop_constraint(op.f("ck_reports_publication"), "reports", schema="report")
    op.execute("UPDATE report.reports SET state = 'done' WHERE state = 'published'")
    op.execute("UPDATE report.reports SET state = 'failed' WHERE state = 'cancelled'")
    op.drop_constraint(op.f("ck_reports_state"), "reports", schema="report")
    op.create_check_constraint(op.f("ck_reports_state"), "reports", f"state IN ({STATES})", schema="report")
    op.drop_column("reports", "publication", schema="report")
    op.drop_column("reports", "attempts_before", schema="report")


def _widen_reports() -> None:
    op.add_column(
        "reports",
        sa.Column(
            "attempts_before",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="those before the last retry",
        ),
        schema="report",
    )
    op.add_column(
        "reports",
        sa.Column(
            "publication",
            postgresql.JSON(none_as_null=True),
            nullable=True,
            comment="who, when, hashes, note; a trigger guards the row",
        ),
        schema="report",
    )
    op.drop_constraint(op.f("ck_reports_state"), "reports", schema="report")
    states = STATES.replace("'failed'", "'failed', 'cancelled'")
    op.create_check_constraint(op.f("ck_reports_state"), "reports", f"state IN ({states})", schema="report")
    op.create_check_constraint(
        op.f("ck_reports_publication"),
        "reports",
        "(publication IS NOT NULL) = (state = 'published')",
        schema="report",
    )


def _add_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False, comment="id of the key, or schedule:<id>"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="report",
    )


def _add_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column(
            "unit_path",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="codes from the root to the unit, when made",
        ),
        sa.Column(
            "each",
            sa.Text(),
            nullable=False,
            comment="unit: of the unit itself; child: of each unit right below it",
        ),
        sa.Column("parts", postgresql.ARRAY(sa.Text()), nullable=False, comment="Q1 H1 Q3 9M year …"),
        sa.Column("cutoff", sa.Text(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False, comment="after the period's last day"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False, comment="runs due before are not made"),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        schema="report",
    )
    op.create_index("ix_schedules_unit_path", "schedules", ["unit_path"], schema="report", postgresql_using="gin")
    op.create_table(
        "schedule_runs",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("period_name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("problem", postgresql.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(report_id IS NULL) <> (problem IS NULL)", name=op.f("ck_schedule_runs_outcome")),
        sa.ForeignKeyConstraint(["report_id"], ["report.reports.id"], name=op.f("fk_schedule_runs_report_id_reports")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report.schedules.id"], name=op.f("fk_schedule_runs_schedule_id_schedules")
        ),
        sa.PrimaryKeyConstraint("schedule_id", "period_name", "unit_code", name=op.f("pk_schedule_runs")),
        schema="report",
    )


def _add_reported_figures() -> None:
    op.create_table(
        "reported_figures",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("unit_level", sa.Text(), nullable=False),
        sa.Column("unit_path", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False, comment="half-open"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "value",
            sa.BigInteger(),
            nullable=True,
            comment="null with is_nil: nothing to report; null without: taken back",
        ),
        sa.Column("is_nil", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True, comment="why it stands although an identity fails"),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False, comment="civil day"),
        sa.CheckConstraint("value IS NULL OR NOT is_nil", name=op.f("ck_reported_figures_nil")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figures")),
        schema="report",
    )
    op.create_index(
        op.f("ix_reported_figures_period_start_period_end_unit_code_name_id"),
        "reported_figures",
        ["period_start", "period_end", "unit_code", "name", "id"],
        schema="report",
    )
    op.create_index(
        "ix_reported_figures_unit_path", "reported_figures", ["unit_path"], schema="report", postgresql_using="gin"
    )
