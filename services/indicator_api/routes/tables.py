"""A table in the shape its reader takes."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import Response
from fastapi.responses import JSONResponse

from indicator_api.domain.count_meanings import MEANINGS
from indicator_api.domain.cubes import Cube, CubeRow, Metric
from indicator_api.domain.formulae import Definition
from indicator_api.domain.rounding import value_of
from indicator_api.domain.rows import CountRow, RatioRow
from indicator_api.domain.wording import Wording
from indicator_api.routes.csv_tables import csv_of
from indicator_api.routes.formats import Format, Rendering
from indicator_api.routes.json_stat import json_stat_of
from indicator_api.routes.responses import ANSWERED, HeadResponse
from indicator_api.usecases.read_figures import FigureTable
from shared.errors import InvalidRequest

Whole = TypeVar("Whole", bound=HeadResponse)
COUNTS_TITLE = Wording("Số lượng hồ sơ", "Counts of dossiers")
_PARTS = (
    Metric("numerator", Wording("Tử số", "Numerator")),
    Metric("denominator", Wording("Mẫu số", "Denominator")),
    Metric("value", Wording("Giá trị", "Value")),
)


def table_in(rendering: Rendering, whole: Whole, *, cube: Callable[[], Cube], bom: bool) -> Response | Whole:
    """Return `whole`, or its cube as CSV or JSON-stat.

    Raises InvalidRequest for a cut table as CSV, which could not say that it is cut.
    """
    shape, language = rendering.shape, rendering.language
    if shape is Format.JSON:
        return whole
    headers = {"Content-Language": language.value}
    if shape is Format.JSON_STAT:
        told = whole.model_dump(mode="json", include=set(HeadResponse.model_fields))
        dataset = json_stat_of(cube(), language, updated=told["through"]["at"], head=told)
        return JSONResponse(dataset, headers=headers, media_type=shape.value)
    if whole.truncated:
        raise InvalidRequest.at_parameter("group_by", "more rows than one answer holds; CSV is not cut: group by less")
    return Response(csv_of(cube(), language, bom=bom), headers=headers, media_type=shape.value)


def cube_of_counts(table: FigureTable[CountRow]) -> Cube:
    """Return a table of counts as a cube."""
    metrics = [Metric(count.value, MEANINGS[count].name) for count in ANSWERED]
    rows = [_row(row, [row.counts[count] for count in ANSWERED]) for row in table.rows]
    return _cube(COUNTS_TITLE, metrics, rows, table)


def cube_of_indicator(definition: Definition, table: FigureTable[RatioRow]) -> Cube:
    """Return a table of an indicator as a cube."""
    rows = [_row(row, [row.numerator, row.denominator, value_of(row.numerator, row.denominator)]) for row in table.rows]
    return _cube(definition.meaning, _PARTS, rows, table)


def _row(row: CountRow | RatioRow, values: Sequence[int | float | None]) -> CubeRow:
    return CubeRow(tuple(row.labels.values()), values)


def _cube(title: Wording, metrics: Sequence[Metric], rows: Sequence[CubeRow], table: FigureTable[Any]) -> Cube:
    names = {code: unit.name for code, unit in table.tree.units.items()}
    return Cube(title, table.selection.group_by, metrics, rows, names)
