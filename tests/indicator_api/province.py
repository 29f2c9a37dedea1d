"""A province that is reformed: two communes merge, later the districts end; services change over time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.indicator_api.given import unit, version
from tests.indicator_api.recount import ProcedureTold, UnitTold

# Around the first lie the year's end, NĐ 09's cut and Tết of 2020; around the second the end of the districts.
BEGINNINGS = (date(2019, 12, 5), date(2025, 5, 25))
DAYS = 62
MERGED, SUCCEEDED = "H35.12.09", "H35.51"
UNITS = ["H35", "H35.01", "H35.12", "H35.12.01", "H35.12.02", "H35.13", "H35.13.01", MERGED, SUCCEEDED]
# Procedure, field and online level as dossiers keep them: of versions of the catalogue, and of none.
SERVICES = [
    ("1.1", "Hộ tịch", "nd43:3"),
    ("1.1", "Tư pháp", "nd43:4"),
    ("1.2", "Hộ tịch", "nd42:partial"),
    ("2.1", "Đất đai", "nd43:2"),
    ("2.1", "Đất đai", "nd42:full"),
    ("3.1", "Đầu tư", "nd43:4"),
    ("3.2", "Hộ tịch", "nd43:3"),
    ("9.9", "Khác", "nd224:full"),
]


@dataclass(frozen=True)
class Reform:
    """When what comes into force, and when it is recorded, which may be earlier or later."""

    begins_on: date
    merger_on: date
    districts_end_on: date
    services_change_on: date
    merger_recorded_on: date
    end_recorded_on: date
    services_corrected_on: date

    def units(self) -> list[UnitTold]:
        """Return the units as told: as they were, then the merger, then the end of the districts."""
        merger, end = self.merger_on.isoformat(), self.districts_end_on.isoformat()
        before = [
            unit("H35", "province", None),
            unit("H35.01", "province", "H35", has_one_stop=False),
            unit("H35.12", "district", "H35"),
            unit("H35.13", "district", "H35", has_one_stop=False),
            unit("H35.12.01", "commune", "H35.12"),
            unit("H35.12.02", "commune", "H35.12", has_one_stop=False),
            unit("H35.13.01", "commune", "H35.13"),
            unit(MERGED, "commune", "H35.12", valid_from=merger),
            unit(SUCCEEDED, "commune", "H35", valid_from=end),
        ]
        merged = [
            unit("H35.12.01", "commune", "H35.12", valid_to=merger, successor_codes=[MERGED]),
            unit("H35.12.02", "commune", "H35.12", valid_to=merger, successor_codes=[MERGED, "H35.01"]),
        ]
        ended = [
            unit("H35.12", "district", "H35", valid_to=end, successor_codes=["H35", "H35.01"]),
            unit("H35.13", "district", "H35", valid_to=end, successor_codes=["H35.01"]),
            unit(MERGED, "commune", "H35.12", valid_from=merger, valid_to=end, successor_codes=[SUCCEEDED, "H35"]),
            unit("H35.13.01", "commune", "H35.13", valid_to=end, successor_codes=[SUCCEEDED]),
        ]
        dated = [(self.begins_on, before), (self.merger_recorded_on, merged), (self.end_recorded_on, ended)]
        return [UnitTold(recorded_on, one) for recorded_on, units in dated for one in units]

    def procedures(self) -> list[ProcedureTold]:
        """Return the procedures as told; one of them wrongly, and corrected later."""
        right = _online("nd42", "partial")
        corrected = ProcedureTold(self.services_corrected_on, "1.2", (version(online_level=right),))
        return [
            *(ProcedureTold(self.begins_on, code, versions) for code, versions in self.versions().items()),
            corrected,
        ]

    def versions(self) -> dict[str, tuple[dict[str, Any], ...]]:
        """Return the versions of each procedure, some of which change or end in the midst of the history."""
        change = self.services_change_on.isoformat()
        return {
            "1.1": (
                version(valid_to=change, online_level=_online("nd43", "3")),
                version(valid_from=change, field="Tư pháp"),
            ),
            "1.2": (version(field="Đất đai", online_level=_online("nd43", "1")),),
            "2.1": (
                version(
                    level="district",
                    field="Đất đai",
                    valid_to=change,
                    online_level=_online("nd43", "2"),
                    at_one_stop=False,
                ),
                version(level="district", field="Đất đai", valid_from=change, online_level=_online("nd42", "full")),
            ),
            "3.1": (version(level="province", field="Đầu tư"),),
            "3.2": (version(level="province", valid_to=change, online_level=_online("nd43", "3")),),
        }


def _online(scheme: str, value: str) -> dict[str, str]:
    return {"scheme": scheme, "value": value}


def days_from(begins_on: date) -> st.SearchStrategy[date]:
    """Draw a day of the history that begins on one."""
    return st.integers(0, DAYS).map(lambda number: date.fromordinal(begins_on.toordinal() + number))


@st.composite
def reforms(draw: st.DrawFn) -> Reform:
    """Draw when the province is reformed and when that is told."""
    begins_on = draw(st.sampled_from(BEGINNINGS))
    days = days_from(begins_on)
    merger_on, end_on = sorted(draw(st.tuples(days, days)))
    merger_told, end_told = sorted(draw(st.tuples(days, days)))
    return Reform(begins_on, merger_on, end_on, draw(days), merger_told, end_told, draw(days))
