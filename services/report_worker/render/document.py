"""A report as JSON: what the API answers and what the JSON file holds.  Rule: contract section 6."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, assert_never

from report_worker.domain.changes import change
from report_worker.domain.checking import Check
from report_worker.domain.comparing import Compared, Comparison
from report_worker.domain.explaining import explain
from report_worker.domain.figures import (
    EarlierFigures,
    Figures,
    FigureValue,
    NarrativeFigures,
    SeriesFigures,
    TableFigures,
    TableRow,
)
from report_worker.domain.forms import ColumnsForm, Figure, Form
from report_worker.domain.printing import printer_of
from report_worker.domain.reported import NIL, Entry, ReportedTotal
from report_worker.domain.reports import Content, ReportOrder, Through


def render_json(form: Form, order: ReportOrder, content: Content) -> bytes:
    """Return the JSON file: the order, then what the report says."""
    document = {
        **order_members(order),
        "unit_name": order.unit_name,
        "title": form.head.title[order.language],
        **content_members(form, content, order.language),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def order_members(order: ReportOrder) -> dict[str, Any]:
    """Return the members that say what was asked."""
    period = {"name": order.period_name, "from": f"{order.period.start}", "to": f"{order.period.end}"}
    return {
        "form": order.form,
        "form_version": order.form_version,
        "unit_code": order.unit_code,
        "period": period,
        "cutoff": order.cutoff.value,
        "as_of": f"{order.as_of}",
        "known_at": f"{order.known_at}" if order.known_at else None,
        "language": order.language,
    }


def content_members(form: Form, content: Content, language: str) -> dict[str, Any]:
    """Return the members that say what the report says."""
    comparison = content.comparison
    return {
        "through": _through(content.through),
        "figures": _figures(form, content.figures, language),
        "checks": [check_member(check, form, language) for check in content.checks],
        "comparison": _comparison(form, comparison, language) if comparison else None,
        "reported": [returns_member(total) for total in content.reported],
    }


def returns_member(total: ReportedTotal) -> dict[str, Any]:
    """Return one reported figure: what each unit sent, and who has yet to."""
    return {
        "name": total.name,
        "total": total.total,
        "entries": [entry_member(entry) for entry in total.entries],
        "missing": [{"unit_code": unit.code, "unit_name": unit.name} for unit in total.missing],
    }


def entry_member(entry: Entry) -> dict[str, Any]:
    """Return what a unit sent; a nil return is told from a value and from nothing."""
    return {
        "unit_code": entry.unit_code,
        "unit_name": entry.unit_name,
        "name": entry.name,
        "value": NIL if entry.is_nil else entry.value,
        "note": entry.note,
        "recorded_at": entry.recorded_at.isoformat(),
    }


def check_member(check: Check, form: Form, language: str) -> dict[str, Any]:
    """Return one identity judged; a failing one says in words what is wrong."""
    verdict = check.verdict
    return {
        "identity": verdict.identity,
        "group": dict(check.group),
        "holds": verdict.holds,
        "left": verdict.left,
        "right": verdict.right,
        "difference": verdict.difference,
        "message": None if verdict.holds else explain(verdict, form, group=check.group, language=language),
    }


def _through(through: Through) -> dict[str, Any]:
    return {"position": through.position, "at": through.at.isoformat() if through.at else None}


def _figures(form: Form, figures: Figures, language: str) -> dict[str, Any]:
    match figures:
        case TableFigures():
            return {
                "rows": [_row(row) for row in figures.rows],
                "levels": [_row(row) for row in figures.levels],
                "total": _row(figures.total),
                "remarks": list(figures.remarks),
            }
        case NarrativeFigures():
            return _narrative(form, figures, language)
        case SeriesFigures():
            years = [
                {"year": one.year, "as_of": f"{one.as_of}", "values": _values(form, one.values, language)}
                for one in figures.years
            ]
            return {"years": years, "remarks": list(figures.remarks)}
    assert_never(figures)


def _narrative(form: Form, figures: NarrativeFigures, language: str) -> dict[str, Any]:
    return {
        "values": _values(form, figures.values, language),
        "earlier": {key: _earlier(form, figures, one, language=language) for key, one in figures.earlier.items()},
        "targets": [asdict(one) for one in figures.outcomes],
        "paragraphs": list(figures.paragraphs),
        "blocks": [{"kind": type(block).__name__.lower(), **asdict(block)} for block in figures.blocks],
        "remarks": list(figures.remarks),
    }


def _earlier(form: Form, figures: NarrativeFigures, one: EarlierFigures, *, language: str) -> dict[str, Any]:
    return {
        "label": one.label,
        "from": f"{one.first_day}",
        "as_of": f"{one.as_of}",
        "values": {
            name: _held_against(form, name, before, now=figures.values[name], language=language)
            for name, before in one.values.items()
        },
    }


def _held_against(form: Form, name: str, before: FigureValue, *, now: FigureValue, language: str) -> dict[str, Any]:
    """Return an earlier figure and how the present one differs from it."""
    is_rate = form.is_rate(name)
    moved = change(now.value, before.value, is_rate=is_rate)
    return {
        "value": before.value,
        "numerator": before.numerator,
        "denominator": before.denominator,
        "printed": printer_of(is_rate=is_rate)(before.value, language),
        "change": moved.difference if moved else None,
        "change_share": moved.share if moved else None,
    }


def _row(row: TableRow) -> dict[str, Any]:
    return {
        "group": dict(row.group),
        "columns": dict(row.columns),
        "of_which": dict(row.of_which),
        "footnoted": list(row.footnoted),
    }


def _values(form: Form, values: Mapping[str, FigureValue], language: str) -> dict[str, Any]:
    figures = () if isinstance(form, ColumnsForm) else form.figures
    return {figure.name: _value(figure, values[figure.name], form=form, language=language) for figure in figures}


def _value(figure: Figure, one: FigureValue, *, form: Form, language: str) -> dict[str, Any]:
    return {
        "caption": form.caption_of(figure.name)[language],
        "value": one.value,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "printed": printer_of(is_rate=form.is_rate(figure.name))(one.value, language),
        "source": source_of(figure),
        "is_reported": figure.is_reported,
    }


def source_of(figure: Figure) -> str:
    """Return where a figure comes from, as its form writes it."""
    return (
        figure.numerator.text if figure.denominator is None else f"{figure.numerator.text} / {figure.denominator.text}"
    )


def _comparison(form: Form, comparison: Comparison, language: str) -> dict[str, Any]:
    return {
        "title": comparison.title,
        "figures": [_compared(one, form, language) for one in comparison.figures],
        "failures": [check_member(check, form, language) for check in comparison.failures],
    }


def _compared(one: Compared, form: Form, language: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "caption": form.caption_of(one.name)[language],
        "computed": one.computed,
        "printed": one.printed,
        "difference": one.difference,
        "status": one.status.value,
    }
