"""The stream is recounted here from its events and the catalogue alone, day by day and minute by minute."""

from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from dossier_api.domain.events import DATA_OF, EventKind
from motcua.sample.catalogue import calendar_rows, catalogue
from motcua.sample.figures import printed_figures
from motcua.sample.stream import SampleEvent, make_stream

# The close of the last day: what was due on that day is not overdue yet, unless its hour has passed.
CLOSE = datetime.fromisoformat("2020-06-30T23:59:00+07:00")
OFF = {date.fromisoformat(row["day"]) for row in calendar_rows() if row["kind"] == "off"}
PROCEDURES: dict[str, dict[str, Any]] = {
    procedure["code"]: procedure["versions"][0] for procedure in catalogue()["procedures"]
}
UNITS: dict[str, dict[str, Any]] = {unit["code"]: unit for unit in catalogue()["units"]}
PRINTED = printed_figures()["dossiers"]


@cache
def stream() -> list[SampleEvent]:
    return make_stream()


@cache
def lives() -> dict[str, list[tuple[str, datetime, dict[str, Any]]]]:
    """Return the events of each dossier: name, instant, data."""
    found: dict[str, list[tuple[str, datetime, dict[str, Any]]]] = defaultdict(list)
    for event in stream():
        found[event.subject].append((event.type.split(".")[3], datetime.fromisoformat(event.time), event.data))
    return found


@cache
def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


def is_office_minute(at: datetime) -> bool:
    minute = at.hour * 60 + at.minute
    return is_working(at.date()) and (450 <= minute < 690 or 810 <= minute < 1020)


@cache
def office_minutes() -> tuple[datetime, ...]:
    first = datetime.fromisoformat("2020-01-01T00:00:00+07:00")
    return tuple(filter(is_office_minute, (first + timedelta(minutes=minute) for minute in range(250 * 24 * 60))))


def due(start: datetime, amount: int, unit: str) -> datetime:
    """Walk to the due moment; the last minute of the day where only the day counts."""
    if unit == "working_hour":
        minutes = office_minutes()
        minute = minutes[bisect_left(minutes, start.replace(second=0)) + amount * 60]
        return minute.replace(second=start.second)
    return datetime.combine(due_day(start.date(), amount, unit), time.max, start.tzinfo)


@cache
def due_day(day: date, left: int, unit: str) -> date:
    while left:
        day += timedelta(days=1)
        left -= unit == "calendar_day" or is_working(day)
    while not is_working(day):
        day += timedelta(days=1)
    return day


def classify(life: list[tuple[str, datetime, dict[str, Any]]]) -> str:
    """Return the class of a dossier at the close of the last day.  Rule: contract section 4."""
    at = {name: when for name, when, _ in life}
    allowed = PROCEDURES[next(data["procedure_code"] for name, _, data in life if name == "accepted")][
        "processing_time"
    ]
    if "supplement_requested" in at and "supplemented" not in at:
        return "waiting"
    deadline = due(at.get("supplemented", at["accepted"]), allowed["amount"], allowed["unit"])
    if "finished" not in at:
        return "overdue" if deadline < CLOSE else "in_time"
    finished = at["finished"]
    if finished.date() < deadline.date():
        return "early"
    return "on_time" if finished <= deadline else "late"


@cache
def counts() -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for life in lives().values():
        accepted = next((data for name, _, data in life if name == "accepted"), None)
        if accepted is not None:
            found[UNITS[accepted["unit_code"]]["level"], classify(life)] += 1
    return found


def total(*classes: str, level: str | None = None) -> int:
    return sum(n for (of, name), n in counts().items() if name in classes and level in {None, of})


@pytest.mark.parametrize("level", ["province", "district", "commune"])
def test_dossiers_of_a_level_are_as_many_as_printed(level: str) -> None:
    assert total("early", "on_time", "late", level=level) == PRINTED["resolved"][level]
    assert total("in_time", "waiting", "overdue", level=level) == PRINTED["in_process"][level]


def test_dossiers_of_the_province_are_as_many_as_printed() -> None:
    assert sum(counts().values()) == PRINTED["received"] == 37_588
    assert total("in_time", "waiting") == PRINTED["in_process_not_yet_due"] == 940
    assert total("overdue") == 847


def test_lateness_and_waiting_are_plausible() -> None:
    assert 0.02 < total("late") / total("early", "on_time", "late") < 0.03
    assert 100 <= total("waiting") <= 150
    assert total("early") > 10_000


def test_level_of_unit_and_of_procedure_agree() -> None:
    for event in stream():
        if "procedure_code" in event.data:
            version = PROCEDURES[str(event.data["procedure_code"])]
            assert version["level"] == UNITS[str(event.data["unit_code"])]["level"]
            assert version["at_one_stop"]
            assert version["processing_time"]["amount"] is not None


def test_units_are_open_when_they_act() -> None:
    for event in stream():
        for member in ("unit_code", "receiving_unit_code"):
            unit = UNITS[str(event.data.get(member, "H35"))]
            assert unit["valid_from"] <= event.time[:10] < (unit["valid_to"] or "9999")


def test_every_event_is_one_the_contract_knows() -> None:
    for event in stream():
        prefix, kind, version = event.type.rsplit(".", 2)
        msgspec.convert(event.data, DATA_OF[EventKind(kind)], strict=True)
        assert (prefix, version) == ("vn.motcua.dossier", "v1")
        assert datetime.fromisoformat(event.time).utcoffset() == timedelta(hours=7)


FOLLOWS: dict[str | None, set[str]] = {
    None: {"submitted", "accepted"},
    "submitted": {"accepted", "refused"},
    "accepted": {"supplement_requested", "finished"},
    "supplement_requested": {"supplemented"},
    "supplemented": {"finished"},
    "finished": {"returned"},
    "returned": {"rated"},
}


def test_events_of_a_dossier_follow_each_other_at_rising_times() -> None:
    for life in lives().values():
        names = [name for name, _, _ in life]
        times = [when for _, when, _ in life]
        assert all(name in FOLLOWS[before] for before, name in zip([None, *names], names, strict=False))
        assert all(before < after for before, after in pairwise(times))


def test_closed_days_and_closed_hours_are_empty() -> None:
    for event in stream():
        at = datetime.fromisoformat(event.time)
        assert is_working(at.date())
        assert is_office_minute(at) or ".submitted." in event.type


def test_days_of_tet_and_holidays_are_empty_and_distancing_is_quiet() -> None:
    days = Counter(event.time[:10] for event in stream() if ".accepted." in event.type)

    assert not {f"2020-01-{day}" for day in range(23, 30)} & days.keys()
    assert not {"2020-04-02", "2020-04-30", "2020-05-01"} & days.keys()
    assert sum(n for day, n in days.items() if "2020-04-01" <= day < "2020-04-16") / 10 < sum(days.values()) / 121 / 2


def test_identities_and_codes_are_unique_and_codes_carry_the_first_day() -> None:
    assert len({(event.source, event.id) for event in stream()}) == len(stream())
    for code, life in lives().items():
        assert code.split("-")[1] == life[0][1].strftime("%y%m%d")
        unit_code = next(data["unit_code"] for _, _, data in life if "unit_code" in data)
        _, commune, district, province = code.split("-", maxsplit=1)[0].split(".")
        assert unit_code == ".".join([province, district, *([commune] if commune != "00" else [])])


def test_online_is_used_little_and_only_where_offered() -> None:
    online = Counter(
        str(event.data["procedure_code"])
        for event in stream()
        if ".accepted." in event.type and event.data["channel"] == "online"
    )

    assert {PROCEDURES[code]["online_level"]["value"] for code in online} == {"3", "4"}
    assert 30 <= len(online) <= 45
    assert online.total() / PRINTED["received"] < 0.05


def test_refused_dossiers_come_extra() -> None:
    refused = [life for life in lives().values() if any(name == "refused" for name, _, _ in life)]

    assert len(refused) == len(lives()) - PRINTED["received"] > 0


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert msgspec.json.encode(make_stream()) == msgspec.json.encode(stream())
