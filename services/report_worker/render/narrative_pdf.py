"""A narrative as PDF."""

from datetime import timedelta
from typing import Any

from report_worker.domain.figures import NarrativeFigures
from report_worker.domain.forms import NarrativeForm
from report_worker.domain.prose import Block, Chart, Paragraph, Spans, Table
from report_worker.domain.reports import Content, ReportOrder
from report_worker.render.layout import (
    FRAME,
    chart_data,
    cover_data,
    has_sums,
    has_words,
    labelled,
    notes_of,
    widths_mm,
)
from report_worker.render.typesetting import typeset_pdf


def render_narrative_pdf(
    form: NarrativeForm, order: ReportOrder, content: Content, *, figures: NarrativeFigures
) -> bytes:
    """Return the PDF of a narrative."""
    language = order.language
    data = {
        "language": language,
        "title": f"{form.head.title[language]}: {order.unit_name}, {order.period_name}",
        "words": FRAME[language],
        "cover": cover_data(figures.cover),
        "blocks": [_block_data(*one, language=language) for one in labelled(figures.blocks, language)],
        "notes": notes_of(figures, order, content),
    }
    return typeset_pdf("narrative", data, on=order.as_of + timedelta(days=1))


def _block_data(block: Block, caption: str, *, language: str) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": block.style.value, "spans": _spans(block.spans)}
        case Table():
            return {
                "kind": "table",
                "caption": caption,
                "heading": list(block.heading),
                "widths": widths_mm(block),
                "rows": [_spans(row) for row in block.rows],
                "has_words": has_words(block),
                "strong_last": has_sums(block, language),
            }
        case Chart():
            return chart_data(block, caption, language)


def _spans(spans: Spans) -> list[dict[str, str]]:
    return [{"text": span.text} for span in spans]
