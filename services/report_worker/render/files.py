"""All files of a report, each a pure function of it: the same report gives the same bytes."""

from report_worker.domain.figures import NarrativeFigures, TableFigures
from report_worker.domain.forms import ColumnsForm, Form, NarrativeForm
from report_worker.domain.reports import Content, FileFormat, ReportOrder
from report_worker.render.document import render_json
from report_worker.render.narrative_workbook import render_narrative
from report_worker.render.table_workbook import render_table

MEDIA_TYPES = {
    FileFormat.JSON: "application/json",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def render_files(form: Form, order: ReportOrder, content: Content) -> dict[FileFormat, bytes]:
    """Render every file of a report."""
    return {
        FileFormat.JSON: render_json(form, order, content),
        FileFormat.XLSX: _render_workbook(form, order, content),
    }


def _render_workbook(form: Form, order: ReportOrder, content: Content) -> bytes:
    if isinstance(form, ColumnsForm) and isinstance(content.figures, TableFigures):
        return render_table(form, order, content)
    if isinstance(form, NarrativeForm) and isinstance(content.figures, NarrativeFigures):
        return render_narrative(form, order, content)
    raise TypeError(f"figures of another kind than form {form.head.code}")
