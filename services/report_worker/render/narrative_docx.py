"""A narrative as a Word document in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as TextParagraph
from docx.text.run import Run

from report_worker.domain.figures import NarrativeFigures
from report_worker.domain.forms import NarrativeForm
from report_worker.domain.narratives import Style
from report_worker.domain.prose import Block, Chart, Cover, Paragraph, Span, Table
from report_worker.domain.reports import Content, ReportOrder
from report_worker.render import docx_parts
from report_worker.render.layout import (
    FRAME,
    TEXT_WIDTH_MM,
    chart_data,
    has_sums,
    has_words,
    labelled,
    notes_of,
    widths_mm,
)
from report_worker.render.packing import repacked
from report_worker.render.typesetting import typeset_png

BODY_PT, SMALL_PT, TABLE_PT, CROWDED_PT = 14.0, 11.0, 12.0, 10.5
LEFT_MM, RIGHT_MM = 66.0, 99.0
INDENT_MM = 10.0
PICTURE_MM = 160.0
ROOM_TO_SIGN = 4
CROWDED = 5


def render_narrative_docx(
    form: NarrativeForm, order: ReportOrder, content: Content, *, figures: NarrativeFigures
) -> bytes:
    """Return the Word document of a narrative; each number is a content control that names its figure."""
    document = docx.Document()
    docx_parts.drop_what_nobody_uses(document)
    _set_up(document, form, order, cover=figures.cover)
    _write_head(document, figures.cover, order.language)
    for block, caption in labelled(figures.blocks, order.language):
        _write_block(document, block, caption, language=order.language)
    for note in notes_of(figures, order, content):
        _write_note(document, note)
    _write_signature(document, figures.cover, order.language)
    stream = BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _set_up(document: Document, form: NarrativeForm, order: ReportOrder, *, cover: Cover) -> None:
    """Set paper, margins, font, the number on pages from the second, and what the file says of itself."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    docx_parts.set_common_font(document, order.language, size_pt=BODY_PT)
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    docx_parts.add_page_number(number, size_pt=13)
    properties = document.core_properties
    made_at = datetime.combine(order.as_of + timedelta(days=1), time())
    properties.created = properties.modified = made_at
    properties.title, properties.subject = form.head.title[order.language], cover.subject_line
    properties.author = properties.last_modified_by = cover.agency.replace("\n", " ")
    properties.comments, properties.language = "", order.language


def _write_head(document: Document, cover: Cover, language: str) -> None:
    left, right = docx_parts.add_grid(document, 1, (LEFT_MM, RIGHT_MM), framed=False).rows[0].cells
    docx_parts.empty(left)
    if cover.superior:
        docx_parts.add_line(left, cover.superior.upper(), size_pt=12)
    docx_parts.add_line(left, cover.agency, size_pt=12, bold=True)
    docx_parts.add_rule(left, inset_mm=19)
    docx_parts.add_line(left, cover.number, size_pt=13)
    docx_parts.empty(right)
    docx_parts.add_line(right, FRAME[language]["nation"], size_pt=12, bold=True)
    docx_parts.add_line(right, FRAME[language]["motto"], size_pt=13, bold=True)
    docx_parts.add_rule(right, inset_mm=18)
    docx_parts.add_line(right, cover.dateline, size_pt=13, italic=True)
    title = docx_parts.add_line(document, cover.kind, size_pt=BODY_PT, bold=True)
    title.paragraph_format.space_before = Pt(24)
    subject = docx_parts.add_line(document, cover.subject_line, size_pt=BODY_PT, bold=True)
    subject.paragraph_format.left_indent = subject.paragraph_format.right_indent = Mm(15)
    docx_parts.add_rule(document, inset_mm=58)


def _write_block(document: Document, block: Block, caption: str, *, language: str) -> None:
    match block:
        case Paragraph():
            _write_paragraph(document, block)
        case Table():
            _write_table(document, block, caption, language=language)
        case Chart():
            _write_chart(document, block, caption, language=language)


def _write_paragraph(document: Document, block: Paragraph) -> None:
    is_heading = block.style is Style.HEADING
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_heading else WD_ALIGN_PARAGRAPH.JUSTIFY
    layout.first_line_indent, layout.line_spacing = Mm(INDENT_MM), 1.1
    layout.space_before, layout.space_after = Pt(6 if is_heading else 0), Pt(6)
    layout.keep_with_next, layout.widow_control = is_heading, True
    for span in block.spans:
        run = _written(paragraph, span)
        run.bold = is_heading


def _written(paragraph: TextParagraph, span: Span) -> Run:
    if span.bound_to is None:
        return paragraph.add_run(span.text)
    return docx_parts.add_bound(paragraph, span.text, name=span.bound_to)


def _write_table(document: Document, block: Table, caption: str, *, language: str) -> None:
    title = docx_parts.add_line(document, caption, size_pt=13, bold=True)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(8), Pt(4)
    title.paragraph_format.keep_with_next = True
    table = docx_parts.add_grid(document, len(block.rows) + 1, widths_mm(block), framed=True)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    docx_parts.repeat_heading(table)
    size_pt = CROWDED_PT if len(block.heading) > CROWDED else TABLE_PT
    center, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    heading = [Span(one) for one in block.heading]
    _write_row(table.rows[0].cells, heading, size_pt=size_pt, bold=True, align=center, first=center)
    for number, row in enumerate(block.rows, start=1):
        is_sum = number == len(block.rows) and has_sums(block, language)
        align = center if has_words(block) else right
        _write_row(table.rows[number].cells, row, size_pt=size_pt, bold=is_sum, align=align)
    _add_gap(document)


def _write_row(
    cells: Sequence[_Cell],
    spans: Sequence[Span],
    *,
    size_pt: float,
    bold: bool,
    align: WD_ALIGN_PARAGRAPH,
    first: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
) -> None:
    """Write a row; `first` is how its first cell stands."""
    for number, (cell, span) in enumerate(zip(cells, spans, strict=True)):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = first if number == 0 else align
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        run = _written(paragraph, span)
        run.font.size, run.bold = Pt(size_pt), bold


def _write_chart(document: Document, block: Chart, caption: str, *, language: str) -> None:
    picture = typeset_png("picture", chart_data(block, caption, language))
    holder = docx_parts.add_described_picture(document, picture, width_mm=PICTURE_MM, description=caption)
    holder.alignment, holder.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    title = docx_parts.add_line(document, caption, size_pt=13, italic=True)
    title.paragraph_format.space_after = Pt(8)


def _write_note(document: Document, note: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(note)
    run.italic, run.font.size = True, Pt(SMALL_PT)


def _write_signature(document: Document, cover: Cover, language: str) -> None:
    left, right = docx_parts.add_grid(document, 1, (TEXT_WIDTH_MM / 2, TEXT_WIDTH_MM / 2), framed=False).rows[0].cells
    docx_parts.empty(left)
    lines = [(FRAME[language]["recipients"], 12.0), *((f"- {one}", SMALL_PT) for one in cover.recipients)]
    for text, size_pt in lines:
        is_title = size_pt != SMALL_PT
        line = docx_parts.add_line(left, text, size_pt=size_pt, bold=is_title, italic=is_title)
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    docx_parts.empty(right)
    for text in (*cover.signature, *[""] * ROOM_TO_SIGN):
        docx_parts.add_line(right, text, size_pt=13, bold=True)


def _add_gap(document: Document) -> None:
    """Leave room below a table, or Word would join it to the next."""
    docx_parts.add_line(document, "", size_pt=6)
