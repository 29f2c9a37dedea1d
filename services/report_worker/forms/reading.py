"""Reads the forms shipped beside this module; a form that contradicts itself stops the start-up."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from report_worker.domain.expressions import parse_expression
from report_worker.domain.forms import (
    LEVELS,
    TOTAL,
    Column,
    ColumnsForm,
    Figure,
    FigureKind,
    Footnote,
    Form,
    FormHead,
    Forms,
    Label,
    NarrativeForm,
    OfWhich,
    Wording,
)
from report_worker.domain.identities import Identity, parse_identity


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _HeadFile(_Strict):
    code: str
    version: int = Field(ge=1)
    title: Wording
    official_code: str
    issuer: Wording
    legal_source: Wording
    valid_from: date
    valid_to: date | None
    measured_in: Wording

    def head(self) -> FormHead:
        return FormHead(**{name: getattr(self, name) for name in _HeadFile.model_fields})


class _LabelFile(_Strict):
    code: str
    heading: tuple[Wording, ...]


class _ColumnFile(_LabelFile):
    source: str


class _OfWhichFile(_Strict):
    column: str
    name: str
    source: str
    caption: Wording


class _FootnoteFile(_Strict):
    column: str
    unless_zero: str
    values: Mapping[str, str]
    text: Wording


class _ColumnsFile(_HeadFile):
    kind: Literal["columns"]
    labels: tuple[_LabelFile, ...]
    columns: tuple[_ColumnFile, ...]
    of_which: tuple[_OfWhichFile, ...]
    footnotes: tuple[_FootnoteFile, ...]
    identities: tuple[str, ...]

    def form(self) -> ColumnsForm:
        columns = tuple(Column(one.code, one.heading, parse_expression(one.source)) for one in self.columns)
        signs = (f"0 <= {one.code}" for one in columns)
        return ColumnsForm(
            self.head(),
            tuple(Label(one.code, one.heading) for one in self.labels),
            columns,
            tuple(OfWhich(one.column, one.name, parse_expression(one.source), one.caption) for one in self.of_which),
            tuple(_footnote(one) for one in self.footnotes),
            _identities((*self.identities, *signs)),
        )


class _CountFile(_Strict):
    name: str
    by_level: bool
    kind: Literal["count"]
    source: str
    caption: Wording


class _RateFile(_Strict):
    name: str
    by_level: bool
    kind: Literal["rate"]
    numerator: str
    denominator: str
    caption: Wording


class _NarrativeFile(_HeadFile):
    kind: Literal["narrative"]
    figures: tuple[Annotated[_CountFile | _RateFile, Field(discriminator="kind")], ...]
    identities: tuple[str, ...]
    paragraphs: tuple[Wording, ...]

    def form(self) -> NarrativeForm:
        figures = tuple(figure for one in self.figures for figure in _figures(one))
        identities = (*_by_scope(self.identities), *_sums_of_levels(self.figures), *_ranges(figures))
        return NarrativeForm(self.head(), figures, self.paragraphs, _identities(identities))


_FILE: TypeAdapter[_ColumnsFile | _NarrativeFile] = TypeAdapter(
    Annotated[_ColumnsFile | _NarrativeFile, Field(discriminator="kind")]
)


class ContradictoryForm(Exception):
    """A form file names something it does not define, or defines it twice."""


def read_forms() -> Forms:
    """Read and check every form file of the package.  Raises ValidationError, ContradictoryForm."""
    found = sorted(one.name for one in files(__package__).iterdir() if one.name.endswith(".json"))
    return Forms(tuple(read_form((files(__package__) / name).read_bytes()) for name in found))


def read_form(content: bytes) -> Form:
    """Read and check one form file."""
    form = _FILE.validate_json(content).form()
    _require_consistent(form)
    return form


def _require_consistent(form: Form) -> None:
    twice = [name for name, times in Counter(form.names).items() if times > 1]
    unknown = {name for identity in form.identities for name in identity.names} - set(form.names)
    if isinstance(form, ColumnsForm):
        unknown |= ({one.column for one in form.of_which} | {one.column for one in form.footnotes}) - set(form.names)
    if twice or unknown:
        raise ContradictoryForm(f"form {form.head.code}: defined twice {twice}, unknown {sorted(unknown)}")


def _identities(texts: tuple[str, ...]) -> tuple[Identity, ...]:
    return tuple(parse_identity(text) for text in texts)


def _footnote(one: _FootnoteFile) -> Footnote:
    values = {name: parse_expression(text) for name, text in one.values.items()}
    return Footnote(one.column, parse_expression(one.unless_zero), values, one.text)


def _figures(one: _CountFile | _RateFile) -> Iterator[Figure]:
    """Spread a line over its scopes: `received` by level becomes `received_province` … `received_total`."""
    numerator = parse_expression(one.source if isinstance(one, _CountFile) else one.numerator)
    denominator = None if isinstance(one, _CountFile) else parse_expression(one.denominator)
    for scope in (*LEVELS, TOTAL) if one.by_level else (TOTAL,):
        name = f"{one.name}_{scope}" if one.by_level else one.name
        yield Figure(name, one.name, scope, FigureKind(one.kind), numerator, denominator, one.caption)


def _by_scope(texts: tuple[str, ...]) -> Iterator[str]:
    """Spread an identity with stars over the scopes."""
    for text in texts:
        if "*" in text:
            yield from (text.replace("*", scope) for scope in (TOTAL, *LEVELS))
        else:
            yield text


def _sums_of_levels(lines: tuple[_CountFile | _RateFile, ...]) -> Iterator[str]:
    """The total of a count is the sum of its levels.  Rule: domain d.2 (vii)."""
    for line in lines:
        if line.by_level and line.kind == "count":
            yield f"{line.name}_{TOTAL} = " + " + ".join(f"{line.name}_{level}" for level in LEVELS)


def _ranges(figures: tuple[Figure, ...]) -> Iterator[str]:
    """No figure is negative and no rate above 1, which finds a count typed in a rate's cell."""
    for figure in figures:
        yield f"0 <= {figure.name}"
        if figure.kind is FigureKind.RATE:
            yield f"{figure.name} <= 1"
