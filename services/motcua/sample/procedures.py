"""The procedures of Lai Châu in 2020: 2,077, most of them with invented names."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import count, product
from typing import Any, TypeVar

from motcua.sample.figures import LEVELS, printed_figures

Item = TypeVar("Item")

# Invented spread over the levels; the sums are printed: 63 services at level 3, 73 at level 4, 1,941 at 1 and 2,
# of which 89 are not at the one-stop.
ONLINE_3 = {"province": 47, "district": 9, "commune": 7}
ONLINE_4 = {"province": 65, "district": 5, "commune": 3}
NOT_AT_ONE_STOP = {"province": 71, "district": 13, "commune": 5}
# Of a level's dossiers, in the unit of the named procedures' weights, what goes to all the others together.
TAIL_WEIGHT = {"province": 25.0, "district": 8.0, "commune": 5.5}
CODES_FROM = {"province": 300_000, "district": 400_000, "commune": 500_000}
REVOCATION = "Thu hồi"
TIMELESS_EVERY = 10


@dataclass(frozen=True)
class SampleProcedure:
    """A procedure with its only version.  `weight` is its share of its level's dossiers, `unit_code` its department."""

    code: str
    level: str
    unit_code: str | None
    field: str
    name: str
    amount: int | None
    unit: str
    online: str = "2"
    at_one_stop: bool = True
    interlinked: str = "none"
    postal: bool = True
    weight: float = 0.0

    @property
    def working_days(self) -> float:
        """Return the processing time, roughly, in working days."""
        return (self.amount or 0) * {"working_day": 1.0, "working_hour": 1 / 8, "calendar_day": 5 / 7}[self.unit]


@cache
def list_procedures() -> tuple[SampleProcedure, ...]:
    """Return all procedures, level by level, the best-known first."""
    return tuple(procedure for level in LEVELS for procedure in _procedures_of(level))


def _procedures_of(level: str) -> list[SampleProcedure]:
    named = [procedure for procedure in _named() if procedure.level == level]
    total = printed_figures()["procedures_at_one_stop"][level] + NOT_AT_ONE_STOP[level]
    composed = list(_spread([*_composed(level)], total - len(named)))
    revoking = [procedure for procedure in composed if procedure.name.startswith(REVOCATION)]
    away = {procedure.code for procedure in _spread(revoking, NOT_AT_ONE_STOP[level])}
    at_one_stop = [procedure for procedure in composed if procedure.code not in away]
    rest = _not_at_one_stop(procedure for procedure in composed if procedure.code in away)
    return [*named, *_weighted(_online(at_one_stop, named), TAIL_WEIGHT[level]), *rest]


def _named() -> Iterator[SampleProcedure]:
    with files("motcua.sample").joinpath("data/named_procedures.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield SampleProcedure(
                code=row["code"],
                level=row["level"],
                unit_code=row["unit_code"] or None,
                field=row["field"],
                name=row["name"],
                amount=int(row["amount"]),
                unit=row["unit"],
                online=row["online"],
                interlinked=row["interlinked"],
                weight=float(row["weight"]),
            )


@cache
def _families() -> dict[str, Any]:
    text = files("motcua.sample").joinpath("data/procedure_families.json").read_text("utf-8")
    families: dict[str, Any] = json.loads(text)
    return families


def _composed(level: str) -> Iterator[SampleProcedure]:
    """Yield every action on every document or decision of a level's families."""
    numbers = count(CODES_FROM[level] + 1)
    for family in _families()["families"]:
        if family["level"] == level:
            for kind, actions in _families()["actions"].items():
                for subject, action in product(family[kind], actions):
                    yield _compose(next(numbers), family, action.format(subject))


def _compose(number: int, family: dict[str, Any], name: str) -> SampleProcedure:
    amounts = family["amounts"]
    return SampleProcedure(
        code=f"9.{number}",
        level=family["level"],
        unit_code=family["unit_code"] or None,
        field=family["field"],
        name=name,
        amount=amounts[number % len(amounts)],
        unit=family["unit"],
        interlinked="same_level" if number % 9 == 0 else "none",
        postal=number % 3 > 0,
    )


def _online(procedures: list[SampleProcedure], named: list[SampleProcedure]) -> list[SampleProcedure]:
    """Raise so many of a level's procedures to 3 and 4 that, the named ones counted, the quota is met."""
    level = named[0].level
    threes = ONLINE_3[level] - sum(procedure.online == "3" for procedure in named)
    fours = ONLINE_4[level] - sum(procedure.online == "4" for procedure in named)
    chosen = [procedure.code for procedure in _spread(procedures, threes + fours)]
    value = {code: "3" if place < threes else "4" for place, code in enumerate(chosen)}
    return [replace(procedure, online=value.get(procedure.code, "2")) for procedure in procedures]


def _not_at_one_stop(procedures: Iterable[SampleProcedure]) -> list[SampleProcedure]:
    """Take revocations away from the counter: an office starts them itself, some without a time limit."""
    return [
        replace(
            procedure,
            at_one_stop=False,
            online="1",
            postal=False,
            amount=None if place % TIMELESS_EVERY == 0 else procedure.amount,
        )
        for place, procedure in enumerate(procedures)
    ]


def _weighted(procedures: list[SampleProcedure], total: float) -> list[SampleProcedure]:
    """Share a weight out by Zipf's law, the ranks scattered over the fields."""
    harmonic = sum(1 / rank for rank in range(1, len(procedures) + 1))
    ranks = sorted(range(len(procedures)), key=lambda place: place * 0.618_033_988_7 % 1)
    rank_of = {place: rank for rank, place in enumerate(ranks, start=1)}
    return [replace(procedure, weight=total / harmonic / rank_of[place]) for place, procedure in enumerate(procedures)]


def _spread(items: Sequence[Item], wanted: int) -> Iterator[Item]:
    """Yield `wanted` items at even distances."""
    return (items[place * len(items) // wanted] for place in range(wanted))
