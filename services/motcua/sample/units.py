"""The units of Lai Châu around 2020: province, centre, departments, districts, communes."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class SampleUnit:
    """A unit as `POST /v1/catalogue` takes it.  Days are ISO dates; `valid_to` is half-open."""

    code: str
    name: str
    level: str
    parent_code: str | None
    valid_from: str
    valid_to: str | None
    successor_codes: tuple[str, ...]
    has_one_stop: bool

    def is_open(self, day: str) -> bool:
        """Say whether the unit exists on an ISO date."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@cache
def list_units() -> tuple[SampleUnit, ...]:
    """Return all units, parents before children.

    Rule: Nghị quyết 866/NQ-UBTVQH14 of 10/01/2020: from 1 February 2020 Sùng Phài passes from Tam Đường to the city
    and takes in Nậm Loỏng, Sì Lở Lầu takes in Ma Li Chải.  The first days of older units are approximate.
    """
    with files("motcua.sample").joinpath("data/units.csv").open(encoding="utf-8") as file:
        return tuple(_unit(row) for row in csv.DictReader(file))


def _unit(row: dict[str, str]) -> SampleUnit:
    return SampleUnit(
        code=row["code"],
        name=row["name"],
        level=row["level"],
        parent_code=row["parent_code"] or None,
        valid_from=row["valid_from"],
        valid_to=row["valid_to"] or None,
        successor_codes=tuple(row["successor_codes"].split()),
        has_one_stop=row["has_one_stop"] == "1",
    )
