"""What is offered, counted again the slow way: every unit, every service, every day."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from tests.indicator_api.recount import (
    LEVEL_OF,
    Asked,
    Group,
    History,
    Known,
    days_of,
    group_of,
    known_by,
    labels_of,
    services_wanted,
    time_of,
    unit_of,
)

Ratios = dict[Group, tuple[int, int]]
Services = dict[Group, set[str]]


def recount_supply(history: History, asked: Asked, *, levels: str | None) -> Ratios:
    """Return services at online levels, or at the one-stop for None, over services, on the last day seen.

    Rule: domain c.3 A and d.3.
    """
    known = known_by(history, asked.known_at)
    found: dict[Group, list[set[str]]] = {}
    for days in _slices(asked):
        for key, procedure, version in _offered(known, days[-1], asked):
            above, below = found.setdefault(key, [set(), set()])
            below.add(procedure)
            is_above = version["at_one_stop"] if levels is None else _level(version) in levels
            above.update([procedure] if is_above else [])
    return {key: (len(above), len(below)) for key, (above, below) in found.items()}


def recount_active(history: History, asked: Asked, *, levels: str) -> Ratios:
    """Return the services at online levels somebody filed a dossier for online, over all those offered on any day.

    Rule: domain c.3 B.
    """
    known, asked = known_by(history, asked.known_at), asked.of_services_at(levels)
    used, offered = Services(), Services()
    for day in days_of(asked):
        for key, procedure, version in _offered(known, day, asked):
            if _level(version) in levels:
                offered.setdefault(key, set()).add(procedure)
        for key, procedure in _filed_online(known, day, asked):
            used.setdefault(key, set()).add(procedure)
    return {key: (len(services & used.get(key, set())), len(services)) for key, services in offered.items()}


def recount_units(history: History, asked: Asked) -> Ratios:
    """Return units with a one-stop shop over units, on the last day seen."""
    known = known_by(history, asked.known_at)
    found: dict[Group, set[str]] = {}
    for days in _slices(asked):
        for place in _places(known, days[-1], asked):
            found.setdefault(group_of(place, days[-1], asked), set()).add(place["unit"])
    return {key: (sum(known.units[unit]["has_one_stop"] for unit in units), len(units)) for key, units in found.items()}


def _slices(asked: Asked) -> Iterator[list[date]]:
    for _, days in groupby(days_of(asked), key=lambda day: time_of(day, asked)):
        yield list(days)


def _places(known: Known, day: date, asked: Asked) -> Iterator[dict[str, str]]:
    for unit, told in known.units.items():
        place = known.place(unit, asked)
        if place and _is_in_force(told, day):
            yield {**place, "offers": told["level"]}


def _offered(known: Known, day: date, asked: Asked) -> Iterator[tuple[Group, str, dict[str, Any]]]:
    """Yield what every unit offers on a day: the services of its own level of authority."""
    for place in _places(known, day, asked):
        for procedure, versions in known.procedures.items():
            for version in versions:
                service = {"procedure": procedure, "field": version["field"], "online_level": _online_level(version)}
                is_asked = version["level"] == place["offers"] and services_wanted(service, _any_level(asked))
                if is_asked and _is_in_force(version, day):
                    yield group_of({**place, **service}, day, asked), procedure, version


def _filed_online(known: Known, day: date, asked: Asked) -> Iterator[tuple[Group, str]]:
    for life in known.lives.values():
        if life.placements and life.received_on == day and life.channel == "online":
            place = known.place(unit_of(life, day), asked)
            if place and services_wanted(labels_of(life), asked):
                yield group_of({**labels_of(life), **place}, day, asked), life.procedure_code


def _any_level(asked: Asked) -> Asked:
    return Asked(**{**vars(asked), "narrowed": {k: v for k, v in asked.narrowed.items() if k != "levels"}})


def _is_in_force(told: dict[str, Any], day: date) -> bool:
    return told["valid_from"] <= day.isoformat() and (told["valid_to"] is None or day.isoformat() < told["valid_to"])


def _online_level(version: dict[str, Any]) -> str:
    return f"{version['online_level']['scheme']}:{version['online_level']['value']}"


def _level(version: dict[str, Any]) -> str:
    return LEVEL_OF.get(_online_level(version), "none")
