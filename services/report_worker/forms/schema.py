"""The files that forms and letterheads are kept in."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
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
    FormHead,
    Label,
    NarrativeForm,
    OfWhich,
    SeriesForm,
)
from report_worker.domain.identities import Identity, parse_identity
from report_worker.domain.narratives import (
    BlockTemplate,
    ChartTemplate,
    ComparisonTable,
    Letterhead,
    LevelTable,
    ParagraphTemplate,
    Style,
    TargetTable,
)
from report_worker.domain.wording import Wording

Level = Literal["province", "district", "commune"]


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
    signatures: tuple[Wording, ...] = ()

    def head(self) -> FormHead:
        return FormHead(**{name: getattr(self, name) for name in _HeadFile.model_fields})


class _LabelFile(_Strict):
    code: str
    heading: tuple[Wording, ...]


class _ColumnFile(_LabelFile):
    source: str
    level: Level | None = None

    def column(self) -> Column:
        whole = parse_expression(_in_scope(self.source, TOTAL))
        by_level = {level: parse_expression(_in_scope(self.source, level)) for level in LEVELS if "*" in self.source}
        return Column(self.code, self.heading, whole, self.level, by_level)


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

    def footnote(self) -> Footnote:
        values = {name: parse_expression(text) for name, text in self.values.items()}
        return Footnote(self.column, parse_expression(self.unless_zero), values, self.text)


class _ColumnsFile(_HeadFile):
    kind: Literal["columns"]
    rows: tuple[Literal["level"]] | tuple[Literal["level"], Literal["field"]] = ("level", "field")
    labels: tuple[_LabelFile, ...]
    columns: tuple[_ColumnFile, ...]
    of_which: tuple[_OfWhichFile, ...] = ()
    footnotes: tuple[_FootnoteFile, ...] = ()
    identities: tuple[str, ...]

    def form(self) -> ColumnsForm:
        signs = (f"0 <= {one.code}" for one in self.columns)
        return ColumnsForm(
            self.head(),
            tuple(Label(one.code, one.heading) for one in self.labels),
            tuple(one.column() for one in self.columns),
            tuple(OfWhich(one.column, one.name, parse_expression(one.source), one.caption) for one in self.of_which),
            tuple(one.footnote() for one in self.footnotes),
            _identities((*self.identities, *signs), {one.code for one in self.columns}),
            self.rows,
        )


class _CountFile(_Strict):
    name: str
    by_level: bool
    kind: Literal["count"]
    source: str
    caption: Wording
    counted: Wording | None = None


class _RateFile(_Strict):
    name: str
    by_level: bool
    kind: Literal["rate"]
    numerator: str
    denominator: str
    caption: Wording


FigureFile = Annotated[_CountFile | _RateFile, Field(discriminator="kind")]


class _FiguresFile(_HeadFile):
    figures: tuple[FigureFile, ...]
    identities: tuple[str, ...]

    def all_figures(self) -> tuple[Figure, ...]:
        return tuple(figure for one in self.figures for figure in _figures(one))

    def all_identities(self) -> tuple[Identity, ...]:
        ranges = _ranges(self.all_figures())
        return _identities((*_by_scope(self.identities), *_sums_of_levels(self.figures), *ranges))


class _ParagraphFile(_Strict):
    block: Literal["heading", "text", "item"]
    vi: str
    en: str
    when: str | None = None
    unless: str | None = None

    def template(self) -> BlockTemplate:
        return ParagraphTemplate(Style(self.block), Wording(self.vi, self.en), self.when, self.unless)


class _LinesFile(_Strict):
    block: Literal["table", "chart"]
    caption: Wording
    lines: tuple[str, ...]

    def template(self) -> BlockTemplate:
        return (LevelTable if self.block == "table" else ChartTemplate)(self.caption, self.lines)


class _SummaryFile(_Strict):
    block: Literal["comparison", "targets"]
    caption: Wording

    def template(self) -> BlockTemplate:
        return (ComparisonTable if self.block == "comparison" else TargetTable)(self.caption)


BlockFile = Annotated[_ParagraphFile | _LinesFile | _SummaryFile, Field(discriminator="block")]


class _NarrativeFile(_FiguresFile):
    kind: Literal["narrative"]
    subject_line: Wording
    compared: tuple[str, ...] = ()
    judged: dict[str, str] = {}
    blocks: tuple[BlockFile, ...]

    def form(self) -> NarrativeForm:
        return NarrativeForm(
            self.head(),
            self.all_figures(),
            self.all_identities(),
            self.subject_line,
            tuple(one.template() for one in self.blocks),
            self.compared,
            self.judged,
        )


class _SeriesFile(_FiguresFile):
    kind: Literal["series"]
    years: int = Field(ge=2, le=12)

    def form(self) -> SeriesForm:
        return SeriesForm(self.head(), self.all_figures(), self.all_identities(), self.years)


class LetterheadsFile(_Strict):
    """Letterheads, the first that fits counts."""

    kind: Literal["letterheads"]
    letterheads: tuple[Letterhead, ...]


FormFile = _ColumnsFile | _NarrativeFile | _SeriesFile
AnyFile = FormFile | LetterheadsFile

_FILE: TypeAdapter[AnyFile] = TypeAdapter(Annotated[AnyFile, Field(discriminator="kind")])


def parse_file(content: bytes) -> AnyFile:
    """Read one file.  Raises ValidationError, UnreadableExpression."""
    return _FILE.validate_json(content)


def _identities(texts: tuple[str, ...], names: Collection[str] = ()) -> tuple[Identity, ...]:
    return tuple(parse_identity(text, names) for text in texts)


def _figures(one: _CountFile | _RateFile) -> Iterator[Figure]:
    """Spread a line over its scopes: `received` by level becomes `received_province` … `received_total`."""
    for scope in (*LEVELS, TOTAL) if one.by_level else (TOTAL,):
        name = f"{one.name}_{scope}" if one.by_level else one.name
        above = one.source if isinstance(one, _CountFile) else one.numerator
        numerator = parse_expression(_in_scope(above, scope))
        denominator = None if isinstance(one, _CountFile) else parse_expression(_in_scope(one.denominator, scope))
        counted = one.counted if isinstance(one, _CountFile) else None
        yield Figure(name, one.name, scope, FigureKind(one.kind), numerator, denominator, one.caption, counted)


def _in_scope(source: str, scope: str) -> str:
    """Fill the star of a reported name; the whole is the sum of the levels, each of which is reported by name."""
    if scope != TOTAL or "*" not in source:
        return source.replace("*", scope)
    return " + ".join(source.replace("*", level) for level in LEVELS)


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
