"""All files of a report, each a pure function of it: the same report gives the same bytes."""

from report_worker.domain.figures import NarrativeFigures, SeriesFigures, TableFigures
from report_worker.domain.forms import ColumnsForm, Form, NarrativeForm, SeriesForm
from report_worker.domain.reports import Content, FileFormat, ReportOrder
from report_worker.render.document import render_json
from report_worker.render.narrative_docx import render_narrative_docx
from report_worker.render.narrative_pdf import render_narrative_pdf
from report_worker.render.narrative_workbook import render_narrative
from report_worker.render.series_workbook import render_series
from report_worker.render.table_pdf import render_series_pdf, render_table_pdf
from report_worker.render.table_workbook import render_table

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    FileFormat.JSON: "application/json",
    FileFormat.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    FileFormat.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileFormat.PDF: "application/pdf",
}


def formats_of(form: Form) -> tuple[FileFormat, ...]:
    """Return the formats a form is rendered in: only a narrative is a letter, so only it is a Word document."""
    return tuple(one for one in FileFormat if one is not FileFormat.DOCX or isinstance(form, NarrativeForm))


def render_files(form: Form, order: ReportOrder, content: Content) -> dict[FileFormat, bytes]:
    """Render every file of a report."""
    return {FileFormat.JSON: render_json(form, order, content), **_render_documents(form, order, content)}


def _render_documents(form: Form, order: ReportOrder, content: Content) -> dict[FileFormat, bytes]:
    match form, content.figures:
        case ColumnsForm(), TableFigures() as table:
            return {
                FileFormat.XLSX: render_table(form, order, content),
                FileFormat.PDF: render_table_pdf(form, order, content, figures=table),
            }
        case NarrativeForm(), NarrativeFigures() as narrative:
            return {
                FileFormat.XLSX: render_narrative(form, order, content),
                FileFormat.DOCX: render_narrative_docx(form, order, content, figures=narrative),
                FileFormat.PDF: render_narrative_pdf(form, order, content, figures=narrative),
            }
        case SeriesForm(), SeriesFigures() as series:
            return {
                FileFormat.XLSX: render_series(form, order, content, figures=series),
                FileFormat.PDF: render_series_pdf(form, order, content, figures=series),
            }
    raise TypeError(f"figures of another kind than form {form.head.code}")
