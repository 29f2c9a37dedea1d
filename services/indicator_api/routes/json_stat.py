"""A cube as JSON-stat 2.0."""

from collections.abc import Mapping
from math import prod
from typing import Any

from indicator_api.domain.cubes import DIMENSION_NAMES, Cube, Value
from indicator_api.domain.selection import TIME, Dimension
from indicator_api.domain.wording import Wording
from shared.errors import InvalidRequest
from shared.http.languages import Language

METRIC = "metric"
METRIC_NAME = Wording("Chỉ tiêu", "Metric")
# Rule: contract section 1, a stated limit: most readers lay out every cell of the cube, empty ones too.
MOST_CELLS = 1_000_000


def json_stat_of(cube: Cube, language: Language, *, updated: str | None, head: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cube as a dataset, its metrics a dimension of their own; what no row tells has no value.

    Rule: JSON-stat 2.0, https://json-stat.org/full/: the last dimension runs fastest.
    Raises InvalidRequest past MOST_CELLS.
    """
    categories = [cube.categories(place) for place in range(len(cube.dimensions))]
    size = [*map(len, categories), len(cube.metrics)]
    if prod(size) > MOST_CELLS:
        raise InvalidRequest.at_parameter("group_by", f"more than {MOST_CELLS} cells; group by less")
    described = {
        dimension: _dimension(DIMENSION_NAMES[dimension], labels, _names(cube, dimension, labels), language)
        for dimension, labels in zip(cube.dimensions, categories, strict=True)
    }
    ids = [metric.id for metric in cube.metrics]
    names = {metric.id: _told(metric.name, language) for metric in cube.metrics}
    return {
        "version": "2.0",
        "class": "dataset",
        "label": _told(cube.title, language),
        "updated": updated,
        "id": [*cube.dimensions, METRIC],
        "size": size,
        "role": _roles(cube),
        "dimension": {**described, METRIC: _dimension(METRIC_NAME, ids, names, language)},
        "value": _values(cube, categories, prod(size)),
        "extension": head,
    }


def _values(cube: Cube, categories: list[list[str]], cells: int) -> list[Value] | dict[str, Value]:
    """Return every cell in order, or, where rows are missing, the told cells by their number."""
    index = [{label: number for number, label in enumerate(labels)} for labels in categories]
    found: dict[str, Value] = {}
    for row in cube.rows:
        number = 0
        for place, label in enumerate(row.labels):
            number = number * len(index[place]) + index[place][label]
        first = number * len(cube.metrics)
        found |= {str(first + offset): value for offset, value in enumerate(row.values)}
    if len(found) < cells:
        return found
    return [found[str(number)] for number in range(cells)]


def _roles(cube: Cube) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {METRIC: [METRIC]}
    if times := [dimension.value for dimension in cube.dimensions if dimension in TIME]:
        roles["time"] = times
    if Dimension.UNIT in cube.dimensions:
        roles["geo"] = [Dimension.UNIT.value]
    return roles


def _dimension(name: Wording, labels: list[str], names: Mapping[str, str], language: Language) -> dict[str, Any]:
    return {"label": _told(name, language), "category": {"index": labels, "label": dict(names)}}


def _names(cube: Cube, dimension: Dimension, labels: list[str]) -> dict[str, str]:
    """Return a name for each label; what has no other is its own."""
    known = cube.unit_names if dimension is Dimension.UNIT else {}
    return {label: known.get(label) or label for label in labels}


def _told(wording: Wording, language: Language) -> str:
    return wording.vi if language is Language.VI else wording.en
