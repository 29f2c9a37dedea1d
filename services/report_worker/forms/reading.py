"""Reads the forms shipped beside this module and those of the province; one that contradicts itself stops the start-up.

A province's folder may hold forms and letterheads of its own. A form of the same code and version replaces the shipped
one, letterheads come before the shipped ones.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from report_worker.domain.forms import TOTAL, ColumnsForm, Form, Forms, NarrativeForm
from report_worker.domain.narratives import ChartTemplate, LevelTable, ParagraphTemplate
from report_worker.domain.phrases import pieces_of
from report_worker.domain.telling import FACTS
from report_worker.domain.windows import PREVIOUS, YEAR_AGO
from report_worker.forms.schema import AnyFile, LetterheadsFile, parse_file

# What a paragraph may depend on beside figures.
CONDITIONS = {
    "targets",
    "targets_unmet",
    *(f"{key}{state}" for key in (YEAR_AGO, PREVIOUS) for state in ("", ".missing")),
}


class ContradictoryForm(Exception):
    """A form file names something it does not define, or defines it twice."""


def read_forms(folder: Path | None = None) -> Forms:
    """Read and check every shipped file and every file of a province's folder.

    Raises ValidationError, ContradictoryForm.
    """
    shipped = [parse_file(one.read_bytes()) for one in files(__package__).iterdir() if one.name.endswith(".json")]
    own = [parse_file(one.read_bytes()) for one in sorted(folder.glob("*.json"))] if folder else []
    forms = {(form.head.code, form.head.version): form for form in (*_forms(shipped), *_forms(own))}
    return Forms(tuple(_completed(form, shipped, own) for _key, form in sorted(forms.items())))


def read_form(content: bytes) -> Form:
    """Read and check one form file."""
    form = _forms([parse_file(content)])[0]
    _require_consistent(form)
    return form


def _forms(parsed: Iterable[AnyFile]) -> list[Form]:
    return [one.form() for one in parsed if not isinstance(one, LetterheadsFile)]


def _completed(form: Form, shipped: list[AnyFile], own: list[AnyFile]) -> Form:
    """Give a narrative its letterheads, and check the whole."""
    if isinstance(form, NarrativeForm):
        heads = [head for file in (*own, *shipped) if isinstance(file, LetterheadsFile) for head in file.letterheads]
        form = replace(form, letterheads=tuple(heads))
    _require_consistent(form)
    return form


def _require_consistent(form: Form) -> None:
    twice = [name for name, times in Counter(form.names).items() if times > 1]
    unknown = {name for identity in form.identities for name in identity.names} - set(form.names)
    if isinstance(form, ColumnsForm):
        unknown |= ({one.column for one in form.of_which} | {one.column for one in form.footnotes}) - set(form.names)
    if isinstance(form, NarrativeForm):
        unknown |= _unknown_in(form)
    if twice or unknown:
        raise ContradictoryForm(f"form {form.head.code}: defined twice {twice}, unknown {sorted(unknown)}")


def _unknown_in(form: NarrativeForm) -> set[str]:
    """Return what a narrative's words, tables and judged figures name without the form defining it."""
    lines, figures = set(form.compared) | _lines_named(form), _figures_named(form)
    totals = {f"{line}_{TOTAL}" for line in _lines_named(form)}
    return (lines - set(form.lines)) | ((figures | totals) - set(form.names) - FACTS)


def _lines_named(form: NarrativeForm) -> set[str]:
    tables = {line for one in form.blocks if isinstance(one, LevelTable | ChartTemplate) for line in one.lines}
    return tables | {line for text in _texts(form) for piece in pieces_of(text) for line in piece.lines}


def _figures_named(form: NarrativeForm) -> set[str]:
    said = {piece.name for text in _texts(form) for piece in pieces_of(text) if piece.name and not piece.lines}
    paragraphs = [one for one in form.blocks if isinstance(one, ParagraphTemplate)]
    conditions = {name for one in paragraphs for name in (one.when, one.unless) if name}
    return said | (conditions - CONDITIONS) | set(form.judged.values())


def _texts(form: NarrativeForm) -> list[str]:
    wordings = [form.subject_line, *(one.text for one in form.blocks if isinstance(one, ParagraphTemplate))]
    return [text for one in wordings for text in (one.vi, one.en)]
