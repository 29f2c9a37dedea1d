"""Builders of what dossier_api tells: lives, units and procedures, with good defaults."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.contracts.life import LifeV1, Mark, MarkOn, Phase, PhaseFrom, PlacementFrom

PROVINCE, DISTRICT, COMMUNE = "H35", "H35.12", "H35.12.01"
OTHER_DISTRICT = "H35.13"
BIRTH = "1.001193"


def day(text: str) -> date:
    """Read `06-01` as a day of 2020, and a whole date as itself."""
    return date.fromisoformat(text if len(text) > len("06-01") else f"2020-{text}")


def life(
    received: str | None = "06-01",
    *phases: tuple[str, Phase],
    units: Iterable[tuple[str, str]] = (("01-01", COMMUNE),),
    marks: Iterable[tuple[str, Mark]] = (),
    current: Iterable[tuple[str, Phase]] | None = None,
    channel: str | None = "direct",
    procedure_code: str = BIRTH,
    field: str = "Hộ tịch",
    online_level: str = "nd43:4",
    late_766: Iterable[str] | None = None,
) -> LifeV1:
    """Build a life; without phases a received dossier is in time from its receipt on."""
    entered = phases or (((received, Phase.IN_TIME),) if received else ())
    return LifeV1(
        procedure_code,
        field,
        online_level,
        channel,
        tuple(PlacementFrom(day(on), unit) for on, unit in units),
        day(received) if received else None,
        tuple(PhaseFrom(day(on), phase) for on, phase in entered),
        None if current is None else tuple(PhaseFrom(day(on), phase) for on, phase in current),
        tuple(MarkOn(day(on), mark) for on, mark in marks),
        None if late_766 is None else tuple(map(day, late_766)),
        None if late_766 is None else tuple(map(day, late_766)),
    )


def unit(code: str, level: str, parent_code: str | None, **members: Any) -> dict[str, Any]:
    """Build a unit as the feed tells it."""
    told = {"code": code, "name": code, "level": level, "parent_code": parent_code, "valid_from": "2004-01-01"}
    return {**told, "valid_to": None, "successor_codes": [], "has_one_stop": True, **members}


def version(**members: Any) -> dict[str, Any]:
    """Build a version of a procedure as the feed tells it."""
    told = {"valid_from": "2019-01-01", "valid_to": None, "name": "Đăng ký khai sinh", "field": "Hộ tịch"}
    online_level = {"scheme": "nd43", "value": "4"}
    return {**told, "level": "commune", "online_level": online_level, "at_one_stop": True, **members}


def tree() -> list[dict[str, Any]]:
    """Return a province with two districts, one of them with a commune."""
    return [
        unit(PROVINCE, "province", None),
        unit(DISTRICT, "district", PROVINCE),
        unit(OTHER_DISTRICT, "district", PROVINCE),
        unit(COMMUNE, "commune", DISTRICT),
    ]
