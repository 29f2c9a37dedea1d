"""Online levels of three decrees on one scale."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

HIGHEST = 4


@dataclass(frozen=True)
class Scheme:
    """The levels one decree names, on the scale of 1 to 4; in force on `valid_from <= day < valid_to`."""

    id: str
    decree: str
    valid_from: date
    valid_to: date | None
    levels: Mapping[str, int]


# Rule: domain section 0 and f.16. NĐ 43/2011 has levels 1-4; NĐ 42/2022 and NĐ 224/2026 have full (toàn trình, read
# as 4) and partial (một phần, read as 3). NĐ 224's proactive levels are another scale.
SCHEMES = (
    Scheme("nd43", "43/2011/NĐ-CP", date(2011, 6, 13), date(2022, 6, 24), {"1": 1, "2": 2, "3": 3, "4": 4}),
    Scheme("nd42", "42/2022/NĐ-CP", date(2022, 6, 24), date(2026, 7, 1), {"partial": 3, "full": 4}),
    Scheme("nd224", "224/2026/NĐ-CP", date(2026, 7, 1), None, {"partial": 3, "full": 4}),
)
LEVELS = {f"{scheme.id}:{value}": level for scheme in SCHEMES for value, level in scheme.levels.items()}


@dataclass(frozen=True)
class LevelTable:
    """How many services stand at each level, exactly and at least; `labels` by scheme and value as they are kept."""

    services: int
    exclusive: Mapping[int, int]
    cumulative: Mapping[int, int]
    labels: Mapping[str, int]


def table_of(labels: Iterable[str]) -> LevelTable:
    """Count services by the label each of them bears.

    Rule: domain c.2: the exact level is kept and both tables are derived from it; NĐ 43/2011 Đ.3 means the cumulative
    one. A label of no known decree is in neither.
    """
    counted: dict[str, int] = {}
    for label in sorted(labels):
        counted[label] = counted.get(label, 0) + 1
    exclusive = dict.fromkeys(range(1, HIGHEST + 1), 0)
    for label, services in counted.items():
        if label in LEVELS:
            exclusive[LEVELS[label]] += services
    cumulative = {level: sum(exclusive[other] for other in exclusive if other >= level) for level in exclusive}
    return LevelTable(sum(counted.values()), exclusive, cumulative, counted)


def labels_at(levels: Collection[int]) -> frozenset[str]:
    """Return every `scheme:value` that counts as one of the levels; the level is exact, not cumulative."""
    return frozenset(label for label, level in LEVELS.items() if level in levels)


def labels_meant(text: str) -> frozenset[str]:
    """Return the labels a reader means by `4` (any decree's) or by `nd43:4` (that very one)."""
    return labels_at({int(text)}) if text.isdecimal() else frozenset({text})
