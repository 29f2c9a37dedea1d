"""What a benchmark says: a value, its floor of the same run, their ratio, and whether the bar is held."""

import json
import os
import platform
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

FOLDER = Path("var/bench")


class Judged(Enum):
    """How a value is held against its bar."""

    RATE = "value / floor, at least"
    SPEED_UP = "floor / value, at least"
    SLOW_DOWN = "value / floor, at most"
    CEILING = "value, at most"


@dataclass(frozen=True)
class Case:
    """What is measured, in which unit, and the bar it must hold."""

    name: str
    unit: str
    judged: Judged
    bar: float


@dataclass(frozen=True)
class Result:
    """The outcome of one case, as it is written to var/bench; `ratio` is what the bar is held against."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    bar: float
    ok: bool
    machine: str
    repetitions: int


def judged(case: Case, values: Sequence[float], floors: Sequence[float] = ()) -> Result:
    """Return the result of repetitions: medians of both sides, and of the ratios of each pair where they alternate."""
    value = median(values)
    floor = median(floors) if floors else None
    ratio = None if floor is None else _ratio(case.judged, value, floor)
    is_held = _is_held(case, value if ratio is None else ratio)
    rounded = None if floor is None else round(floor, 3)
    return Result(
        case.name,
        round(value, 3),
        case.unit,
        rounded,
        None if ratio is None else round(ratio, 3),
        case.bar,
        is_held,
        machine(),
        len(values),
    )


def _ratio(how: Judged, value: float, floor: float) -> float:
    return floor / value if how is Judged.SPEED_UP else value / floor


def _is_held(case: Case, told: float) -> bool:
    return told >= case.bar if case.judged in {Judged.RATE, Judged.SPEED_UP} else told <= case.bar


async def alternating(
    ours: Callable[[], Awaitable[float]], floor: Callable[[], Awaitable[float]], *, repetitions: int
) -> tuple[list[float], list[float]]:
    """Return the figures of both sides, measured in turns, so that a busy moment hits both."""
    values, floors = [], []
    for _ in range(repetitions):
        floors.append(await floor())
        values.append(await ours())
    return values, floors


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of all lies."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def machine() -> str:
    """Name what was measured on, and how busy it was with other things."""
    load = os.getloadavg()[0]
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    return f"{system}, Python {platform.python_version()}, load {load:.1f}"


def keep(result: Result) -> None:
    """Write one result to var/bench."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{result.name}.json").write_text(json.dumps(asdict(result), indent=2) + "\n")


def show(results: Sequence[Result], console: Console) -> None:
    """Print all results as one table."""
    table = Table("benchmark", "value", "unit", "floor", "ratio", "bar", "")
    for one in results:
        cells = [f"{one.value:,.2f}", one.unit, _number(one.floor), _number(one.ratio), f"{one.bar:g}"]
        table.add_row(one.name, *cells, "held" if one.ok else "[bold red]missed[/]")
    console.print(table)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}"
