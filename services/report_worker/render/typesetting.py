"""Typst source and data to PDF or PNG, with our own font and nothing of the machine's."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import typst

FONT = "Tinos"
PIXELS_PER_INCH = 200.0
# Rule: NĐ 30/2020 wants a file that can be kept; PDF/A-2b holds its fonts and needs nothing from outside.
STANDARD = "a-2b"


class TypesettingWarned(Exception):
    """Typst did something else than asked, such as taking another font; the document would not be the one meant."""


def typeset_pdf(template: str, data: Mapping[str, Any], *, on: date) -> bytes:
    """Return a PDF that says it was made at the start of a day."""
    made_at = datetime.combine(on, time(), UTC)
    return _compiled(template, data, format="pdf", timestamp=made_at, pdf_standards=STANDARD)


def typeset_png(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the first page as a picture."""
    return _compiled(template, data, format="png", ppi=PIXELS_PER_INCH)


def _compiled(template: str, data: Mapping[str, Any], **options: Any) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    compiler = typst.Compiler(_source(template), font_paths=_fonts(), sys_inputs=inputs)
    body, warnings = compiler.compile_with_warnings(**options)
    if warnings:
        raise TypesettingWarned("; ".join(one.message for one in warnings))
    if isinstance(body, bytes):
        return body
    raise TypeError(f"{template} has {len(body or [])} pages where one was meant")


@cache
def _source(template: str) -> bytes:
    """Return a template with what all templates share before it."""
    folder = files(__package__) / "typst"
    return b"\n".join((folder / f"{name}.typ").read_bytes() for name in ("chart", template))


@cache
def _fonts() -> typst.Fonts:
    with as_file(files(__package__) / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
