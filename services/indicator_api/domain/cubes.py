"""A table of figures as a cube: dimensions, metrics, and one value for each metric of each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from indicator_api.domain.selection import Dimension
from indicator_api.domain.wording import Wording

DIMENSION_NAMES: Mapping[Dimension, Wording] = MappingProxyType(
    {
        Dimension.UNIT: Wording("Mã đơn vị", "Unit code"),
        Dimension.LEVEL: Wording("Cấp", "Level"),
        Dimension.FIELD: Wording("Lĩnh vực", "Field"),
        Dimension.PROCEDURE: Wording("Mã thủ tục", "Procedure code"),
        Dimension.CHANNEL: Wording("Kênh tiếp nhận", "Channel"),
        Dimension.ONLINE_LEVEL: Wording("Mức độ trực tuyến", "Online level"),
        Dimension.DAY: Wording("Ngày", "Day"),
        Dimension.MONTH: Wording("Tháng", "Month"),
        Dimension.QUARTER: Wording("Quý", "Quarter"),
        Dimension.YEAR: Wording("Năm", "Year"),
    }
)
UNIT_NAME = Wording("Tên đơn vị", "Unit name")

Value = int | float | None


@dataclass(frozen=True)
class Metric:
    """What is measured: its id and its heading."""

    id: str
    name: Wording


@dataclass(frozen=True)
class CubeRow:
    """One group: a label for each dimension, a value for each metric, both in the cube's order."""

    labels: Sequence[str]
    values: Sequence[Value]


@dataclass(frozen=True)
class Cube:
    """A whole table; `unit_names` by code, of the units among the labels."""

    title: Wording
    dimensions: Sequence[Dimension]
    metrics: Sequence[Metric]
    rows: Sequence[CubeRow]
    unit_names: Mapping[str, str]

    def categories(self, place: int) -> list[str]:
        """Return the labels that occur in the dimension at a place, sorted."""
        return sorted({row.labels[place] for row in self.rows})
