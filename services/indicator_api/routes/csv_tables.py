"""A cube as CSV: RFC 4180, UTF-8, headings in the reader's language, numbers for machines."""

import csv
import io
from collections.abc import Iterator

from indicator_api.domain.cubes import DIMENSION_NAMES, UNIT_NAME, Cube, CubeRow, Value
from indicator_api.domain.selection import Dimension
from indicator_api.domain.wording import Wording
from shared.http.languages import Language

# Without it a spreadsheet takes Vietnamese letters for those of its own country.
BYTE_ORDER_MARK = "\ufeff"


def csv_of(cube: Cube, language: Language, *, bom: bool) -> bytes:
    """Return the table: a column for each dimension, the unit's name beside its code, then the metrics.

    Decimals carry a point whatever the language, and nothing stands where there is no value.
    """
    sheet = io.StringIO()
    rows = csv.writer(sheet)
    rows.writerow(_told(heading, language) for heading in _headings(cube))
    rows.writerows([*_labels(cube, row), *map(_printed, row.values)] for row in cube.rows)
    return ((BYTE_ORDER_MARK if bom else "") + sheet.getvalue()).encode()


def _headings(cube: Cube) -> Iterator[Wording]:
    for dimension in cube.dimensions:
        yield DIMENSION_NAMES[dimension]
        if dimension is Dimension.UNIT:
            yield UNIT_NAME
    yield from (metric.name for metric in cube.metrics)


def _labels(cube: Cube, row: CubeRow) -> Iterator[str]:
    for dimension, label in zip(cube.dimensions, row.labels, strict=True):
        yield label
        if dimension is Dimension.UNIT:
            yield cube.unit_names.get(label, "")


def _printed(value: Value) -> str:
    return "" if value is None else str(value)


def _told(wording: Wording, language: Language) -> str:
    return wording.vi if language is Language.VI else wording.en
