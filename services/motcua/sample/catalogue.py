"""What the sample tells dossier_api before the first dossier: units, procedures, days off, office hours."""

import csv
from dataclasses import asdict
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from motcua.sample.procedures import SampleProcedure, list_procedures
from motcua.sample.units import list_units
from shared.working_days import WorkingCalendar

OFFICE_HOURS = [["07:30", "11:30"], ["13:30", "17:00"]]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
IN_FORCE_FROM = "2019-01-01"


@cache
def calendar_rows() -> tuple[dict[str, str], ...]:
    """Return the official days, oldest first: day, kind, name, name_vi, decision, source."""
    with files("dossier_api").joinpath("data/working_days.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def working_calendar() -> WorkingCalendar:
    """Return the calendar the sample's dossiers live by."""
    days: dict[str, set[date]] = {"off": set(), "worked": set()}
    for row in calendar_rows():
        days[row["kind"]].add(date.fromisoformat(row["day"]))
    return WorkingCalendar(off=days["off"], worked=days["worked"])


def catalogue() -> dict[str, Any]:
    """Return the body of `POST /v1/catalogue`.  Rule: contract section 2."""
    return {
        "units": [asdict(unit) for unit in list_units()],
        "procedures": [_wire(procedure) for procedure in list_procedures()],
        "calendar": [_day(row) for row in calendar_rows()],
        "office_hours": [
            {"unit_code": "H35", "valid_from": "2011-01-01", "weekdays": dict.fromkeys(WEEKDAYS, OFFICE_HOURS)}
        ],
    }


def _day(row: dict[str, str]) -> dict[str, Any]:
    told = {member: row[member] for member in ("day", "kind", "decision")}
    return {**told, "name": row["name_vi"], "is_estimate": row["source"] == "estimate"}


def _wire(procedure: SampleProcedure) -> dict[str, Any]:
    version = {
        "valid_from": IN_FORCE_FROM,
        "valid_to": None,
        "name": procedure.name,
        "field": procedure.field,
        "level": procedure.level,
        "processing_time": {"amount": procedure.amount, "unit": procedure.unit},
        "online_level": {"scheme": "nd43", "value": procedure.online},
        "at_one_stop": procedure.at_one_stop,
        "interlinked": procedure.interlinked,
        "postal": procedure.postal,
        "supplement_policy": "restart",
        "late_acceptance_after": None,
    }
    return {"code": procedure.code, "versions": [version]}
