"""Builders of what counters and administrators send: plain JSON values with good defaults."""

from typing import Any

import msgspec

from shared.contracts.feed import DossierDataV1, FeedItemV1
from shared.contracts.life import LifeV1

PROVINCE, DEPARTMENT, DISTRICT, OTHER_DISTRICT = "H35", "H35.5", "H35.12", "H35.13"
COMMUNE, OTHER_COMMUNE = "H35.12.01", "H35.13.01"
BIRTH, LAND = "1.001193", "1.012001"
SOURCE = "/units/H35.12/counters/2"
# A Monday morning; the tests' clock stands at noon of that day.
MORNING = "2020-06-01T09:12:00+07:00"
DOSSIER = "000.01.12.H35-200601-0001"


def event(
    name: str = "accepted",
    data: Any = None,
    *,
    id: str = "e1",  # noqa: A002 - the attribute's own name
    at: str = MORNING,
    dossier: str = DOSSIER,
    **attributes: Any,
) -> dict[str, Any]:
    """Build an event; without data it says what its kind needs at least."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": SOURCE,
        "type": f"vn.motcua.dossier.{name}.v1",
        "time": at,
        "subject": dossier,
        "data": NEEDED.get(name, {}) if data is None else data,
        **attributes,
    }


def accepted(**data: Any) -> dict[str, Any]:
    """Build the data of an acceptance."""
    return {"procedure_code": BIRTH, "unit_code": DISTRICT, "channel": "direct", **data}


NEEDED: dict[str, dict[str, Any]] = {
    "accepted": accepted(),
    "submitted": {"procedure_code": BIRTH, "unit_code": DISTRICT},
    "refused": {"reason": "incomplete"},
    "supplement_requested": {"reason": "missing-papers"},
    "finished": {"outcome": "granted"},
    "reopened": {"reason": "wrong-result"},
    "rated": {"score": 5},
}


def unit(code: str, level: str, parent_code: str | None, **members: Any) -> dict[str, Any]:
    """Build a unit."""
    told = {"code": code, "name": f"Đơn vị {code}", "level": level, "parent_code": parent_code}
    return {
        **told,
        "valid_from": "2004-01-01",
        "valid_to": None,
        "successor_codes": [],
        "has_one_stop": True,
        **members,
    }


def version(**members: Any) -> dict[str, Any]:
    """Build a version of a procedure of five working days."""
    return {
        "valid_from": "2019-01-01",
        "valid_to": None,
        "name": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "level": "district",
        "processing_time": {"amount": 5, "unit": "working_day"},
        "online_level": {"scheme": "nd43", "value": "4"},
        "at_one_stop": True,
        "interlinked": "none",
        "postal": True,
        "supplement_policy": "restart",
        "late_acceptance_after": None,
        **members,
    }


def procedure(code: str = BIRTH, *versions: dict[str, Any]) -> dict[str, Any]:
    """Build a procedure."""
    return {"code": code, "versions": list(versions) or [version()]}


def off(day: str, **members: Any) -> dict[str, Any]:
    """Build a day off."""
    told = {"day": day, "kind": "off", "decision": "12/TB-BLĐTBXH", "name": "Ngày nghỉ", "is_estimate": False}
    return {**told, **members}


def tree() -> list[dict[str, Any]]:
    """Return a province, one of its departments, and two districts with a commune each."""
    return [
        unit(PROVINCE, "province", None),
        unit(DEPARTMENT, "province", PROVINCE),
        unit(DISTRICT, "district", PROVINCE),
        unit(OTHER_DISTRICT, "district", PROVINCE),
        unit(COMMUNE, "commune", DISTRICT),
        unit(OTHER_COMMUNE, "commune", OTHER_DISTRICT),
    ]


def catalogue() -> dict[str, Any]:
    """Return the catalogue every test begins with."""
    return {"units": tree(), "procedures": [procedure(BIRTH), procedure(LAND, version(name="Đăng ký đất đai"))]}


CATALOGUE_ENTRIES = len(catalogue()["units"]) + len(catalogue()["procedures"])


def life_in(item: FeedItemV1) -> LifeV1:
    """Return the life that an entry of the feed tells."""
    return msgspec.json.decode(msgspec.json.decode(item.data, type=DossierDataV1).life, type=LifeV1)
