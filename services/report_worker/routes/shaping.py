"""Domain values in the shape of the answers."""

from dataclasses import asdict
from typing import Any

from report_worker.domain.forms import ColumnsForm, Form, Forms, NarrativeForm, SeriesForm
from report_worker.domain.reports import Report
from report_worker.render.document import content_members, order_members, source_of
from report_worker.render.files import formats_of
from report_worker.usecases.restate_report import RestatedCell, Restatement
from report_worker.usecases.verify_report import Verification

KINDS = {ColumnsForm: "columns", NarrativeForm: "narrative", SeriesForm: "series"}
NO_CONTENT: dict[str, Any] = {"through": None, "figures": None, "checks": [], "comparison": None, "reported": []}


def summary_of(report: Report, forms: Forms) -> dict[str, Any]:
    """Return a report without its content."""
    formats = formats_of(forms.get(report.order.form, version=report.order.form_version))
    has_files = report.state in ("done", "published")
    path = f"/v1/reports/{report.id}"
    return {
        "id": report.id,
        "state": report.state,
        "progress": report.progress,
        **order_members(report.order),
        "created_at": report.created_at,
        "finished_at": report.finished_at,
        "files": {one.value: f"{path}/files/{one}" for one in formats} if has_files else {},
        "problem": report.problem,
        "publication": report.publication and asdict(report.publication),
    }


def report_of(report: Report, forms: Forms) -> dict[str, Any]:
    """Return a whole report."""
    if report.content is None:
        return {**summary_of(report, forms), **NO_CONTENT}
    form = forms.get(report.order.form, version=report.order.form_version)
    return {**summary_of(report, forms), **content_members(form, report.content, report.order.language)}


def verification_of(found: Verification) -> dict[str, Any]:
    """Return a publication proved."""
    return {**asdict(found), "is_intact": found.is_intact, "renders_same": found.renders_same}


def restatement_of(found: Restatement, language: str) -> dict[str, Any]:
    """Return what a report would say today."""
    return {
        "report_id": found.report.id,
        "known_at": found.known_at,
        "before": asdict(found.before),
        "through": asdict(found.through),
        "cells": [_restated(one, found.form, language) for one in found.cells],
    }


def _restated(one: RestatedCell, form: Form, language: str) -> dict[str, Any]:
    cell = one.cell
    return {
        "group": dict(cell.place.group),
        "name": cell.place.name,
        "caption": form.caption_of(cell.place.name)[language],
        "before": asdict(cell.before),
        "now": asdict(cell.now),
        "difference": cell.difference,
        "dossiers": [asdict(dossier) for dossier in one.dossiers],
        "returns": [asdict(moved) for moved in one.returns],
        "truncated": one.is_truncated,
    }


def form_of(form: Form) -> dict[str, Any]:
    """Return a form with its numbers, as its file writes them."""
    head = form.head
    return {
        **{name: getattr(head, name) for name in ("code", "version", "title", "official_code", "issuer")},
        **{name: getattr(head, name) for name in ("legal_source", "valid_from", "valid_to", "measured_in")},
        "kind": KINDS[type(form)],
        "figures": [
            {
                "name": name,
                "caption": form.caption_of(name),
                "kind": "rate" if form.is_rate(name) else "count",
                "source": _source(form, name),
            }
            for name in form.names
        ],
        "identities": [str(identity) for identity in form.identities],
    }


def _source(form: Form, name: str) -> str:
    if isinstance(form, ColumnsForm):
        return next(column.source.text for column in form.columns if column.code == name)
    return source_of(form.by_name[name])
