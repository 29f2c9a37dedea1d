"""Data in the shape of a real province: a few procedures carry most dossiers, weekdays and hours have their peaks."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

import msgspec

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_DAY = date(2024, 1, 2)
FIELDS = [f"Lĩnh vực {number:02}" for number in range(30)]
DEPARTMENTS, DISTRICTS, COMMUNES = 19, 8, 92
PROCEDURES = {"province": 1_400, "district": 350, "commune": 250}
# Most people go to their commune.
LEVEL_WEIGHTS = {"province": 0.15, "district": 0.25, "commune": 0.60}
CHANNELS, CHANNEL_WEIGHTS = ("direct", "online", "postal"), (0.70, 0.27, 0.03)
# Of 1,000 events by office hour: a peak after opening, a smaller one after lunch.
HOURS, HOUR_WEIGHTS = (7, 8, 9, 10, 13, 14, 15, 16), (60, 220, 210, 130, 90, 140, 100, 50)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
LATE_UPLOADS = 0.03
SUPPLEMENTED, TRANSFERRED, RETURNED, LATE = 0.05, 0.01, 0.7, 0.04
DOSSIERS_A_DAY = 4_000


class PostedEvent(msgspec.Struct):
    """A CloudEvent as a counter sends it."""

    id: str
    source: str
    type: str
    time: str
    subject: str
    data: dict[str, str]
    specversion: str = "1.0"


def units() -> list[tuple[str, str, str | None]]:
    """Return code, level and parent of the 120 units."""
    told: list[tuple[str, str, str | None]] = [("H35", "province", None)]
    told += [(f"H35.{number:02}", "province", "H35") for number in range(1, DEPARTMENTS + 1)]
    told += [(f"H35.{number}", "district", "H35") for number in range(30, 30 + DISTRICTS)]
    told += [(f"H35.{30 + n % DISTRICTS}.{n:02}", "commune", f"H35.{30 + n % DISTRICTS}") for n in range(COMMUNES)]
    return told


def catalogue() -> dict[str, object]:
    """Return the body of `POST /v1/catalogue`."""
    return {
        "units": [
            {"code": code, "name": code, "level": level, "parent_code": parent, "valid_from": "2004-01-01"}
            | {"valid_to": None, "successor_codes": [], "has_one_stop": True}
            for code, level, parent in units()
        ],
        "procedures": [
            {"code": code_of(level, number), "versions": [_version(level, number)]}
            for level, count in PROCEDURES.items()
            for number in range(count)
        ],
        "calendar": [],
        "office_hours": [
            {
                "unit_code": "H35",
                "valid_from": "2011-01-01",
                "weekdays": {day: [["07:30", "11:30"], ["13:30", "17:00"]] for day in WEEKDAYS},
            }
        ],
    }


def code_of(level: str, number: int) -> str:
    """Return the code of a procedure."""
    return f"{list(PROCEDURES).index(level) + 1}.{number:06}"


def _version(level: str, number: int) -> dict[str, object]:
    return {
        "valid_from": "2019-01-01",
        "valid_to": None,
        "name": f"Thủ tục {number}",
        "field": FIELDS[number % len(FIELDS)],
        "level": level,
        "processing_time": {"amount": (1, 3, 5, 10, 15)[number % 5], "unit": "working_day"},
        "online_level": {"scheme": "nd43", "value": str(2 + number % 3)},
        "at_one_stop": True,
        "interlinked": "none",
        "postal": True,
        "supplement_policy": "restart",
        "late_acceptance_after": None,
    }


class Stream:
    """An endless stream of events in the order in which counters post them; every one can be applied."""

    def __init__(self, seed: int, name: str) -> None:
        self._random = Random(seed)  # noqa: S311 - invented data; the same seed must give the same
        self._name = name
        self._day = FIRST_DAY
        self._number = 0
        self._waiting: dict[date, list[PostedEvent]] = {}
        self._by_level = {
            level: [code for code, of, _ in units() if of == level and code != "H35"] for level in PROCEDURES
        }
        self._weights = {
            level: list(accumulate(1 / (rank + 1) ** 1.1 for rank in range(count)))
            for level, count in PROCEDURES.items()
        }

    def events(self) -> Iterator[PostedEvent]:
        """Yield events for ever."""
        while True:
            if self._day.weekday() < 5:
                for _ in range(DOSSIERS_A_DAY):
                    self._open()
            yield from sorted(self._waiting.pop(self._day, []), key=lambda event: event.time)
            self._day += timedelta(days=1)

    def _open(self) -> None:
        chance = self._random
        level = chance.choices(list(LEVEL_WEIGHTS), list(LEVEL_WEIGHTS.values()))[0]
        number = chance.choices(range(PROCEDURES[level]), cum_weights=self._weights[level])[0]
        unit_code, channel = chance.choice(self._by_level[level]), chance.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        self._number += 1
        place = unit_code.partition(".")[2].ljust(5, "0").replace(".", "")
        code = f"{self._name}.{place[:2]}.{place[2:4]}.H35-{self._day:%y%m%d}-{self._number:07}"
        filing = {"procedure_code": code_of(level, number), "unit_code": unit_code, "channel": channel}
        term = (1, 3, 5, 10, 15)[number % 5]
        taken = int(term * 1.4) + 2 if chance.random() < LATE else chance.randint(0, term)
        # A counter in the mountains uploads when it has a line again: everything it has to say comes days later.
        delay = chance.randint(1, 4) if chance.random() < LATE_UPLOADS else 0
        moment, said = self._day, 0

        def post(name: str, on: date, data: dict[str, str]) -> None:
            nonlocal said
            self._waiting.setdefault(on + timedelta(delay), []).append(self._event(code, said, name, on, data))
            said += 1

        post("accepted", moment, filing)
        if chance.random() < SUPPLEMENTED:
            post("supplement_requested", moment + timedelta(1), {"reason": "incomplete"})
            post("supplemented", moment + timedelta(3), {})
            moment += timedelta(3)
        if chance.random() < TRANSFERRED:
            to = chance.choice(self._by_level[level])
            if to != unit_code:
                post("transferred", moment + timedelta(1), {"to_unit_code": to})
                moment += timedelta(1)
        finished = moment + timedelta(1 + taken * 7 // 5)
        post("finished", finished, {"outcome": "granted"})
        if chance.random() < RETURNED:
            post("returned", finished + timedelta(1), {"channel": "direct"})

    def _event(self, code: str, place: int, name: str, on: date, data: dict[str, str]) -> PostedEvent:
        hour = self._random.choices(HOURS, HOUR_WEIGHTS)[0]
        at = datetime.combine(on, time(hour, self._random.randrange(31, 60), self._random.randrange(60)), ZONE)
        source = f"/units/{data.get('unit_code', 'H35')}/counters/1"
        return PostedEvent(f"{code}-{place}", source, f"vn.motcua.dossier.{name}.v1", at.isoformat(), code, data)
