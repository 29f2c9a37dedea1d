"""Builders of the report_worker's tests: counts, figures, orders, and the two neighbours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import httpx

from report_worker.domain.checking import check_figures
from report_worker.domain.comparing import compare
from report_worker.domain.filling import fill
from report_worker.domain.forms import Form, Forms
from report_worker.domain.numbers import Numbers
from report_worker.domain.reports import Content, PrintedReport, ReportOrder, Through
from report_worker.domain.targets import Aim, Goal, Target
from report_worker.domain.wording import Wording
from report_worker.forms.reading import read_forms
from shared.clock import Clock
from shared.periods import Cutoff, Period

FORMS: Forms = read_forms()
TABLE: Form = FORMS.get("II.06a")
NARRATIVE: Form = FORMS.get("cchc", version=1)

NOON = datetime(2020, 7, 1, 5, 0, tzinfo=UTC)
H1 = Period(date(2020, 1, 1), date(2020, 7, 1))
THROUGH = Through(91234, datetime(2020, 6, 30, 17, 0, 3, tzinfo=UTC))
COUNTS = [
    "carried_over",
    "received",
    "received_online",
    "received_direct",
    "received_postal",
    "transferred_in",
    "transferred_out",
    "early",
    "on_time",
    "late",
    "undetermined",
    "withdrawn",
    "stopped",
    "open",
    "open_in_time",
    "open_overdue",
    "waiting",
    "refused",
    "supplement_requests",
    "extensions",
    "returned",
]

# Lai Châu, first half of 2020, as printed; the 847 overdue ones and the rates are what it leaves out.
PRINTED = PrintedReport(
    "Báo cáo CCHC 6 tháng đầu năm 2020 của UBND tỉnh Lai Châu",
    {
        "one_stop_procedures_total": 1988,
        "one_stop_procedures_province": 1651,
        "one_stop_procedures_district": 222,
        "one_stop_procedures_commune": 115,
        "services_total": 2007,
        "services_level_1_2": 1941,
        "services_level_3": 63,
        "services_level_4": 73,
        "received_total": 37588,
        "resolved_total": 35801,
        "resolved_province": 8460,
        "resolved_district": 14175,
        "resolved_commune": 13166,
        "open_total": 1787,
        "open_province": 899,
        "open_district": 593,
        "open_commune": 295,
        "open_not_yet_due_total": 940,
    },
)


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOON


CLOCK: Clock = StillClock()


def counts(**given: int) -> dict[str, int]:
    """Return counts that keep the conservation identity: what is not said is 0, `open` follows from its parts."""
    found = dict.fromkeys(COUNTS, 0) | given
    found["received"] = found["received_online"] + found["received_direct"] + found["received_postal"]
    found["open"] = found["open_in_time"] + found["open_overdue"] + found["waiting"]
    return found


Cells = Mapping[Any, dict[str, int]]

# By level and field; the levels are those of the printed report.
LAI_CHAU: Cells = {
    ("province", "Đất đai"): counts(
        received_online=859,
        received_direct=8000,
        received_postal=40,
        early=4000,
        on_time=4000,
        open_in_time=400,
        open_overdue=499,
    ),
    ("province", "Lý lịch tư pháp"): counts(received_online=60, received_direct=400, early=300, on_time=130, late=30),
    ("district", "Hộ tịch"): counts(
        received_online=1000,
        received_direct=13768,
        early=8000,
        on_time=6000,
        late=100,
        withdrawn=40,
        stopped=20,
        undetermined=15,
        open_in_time=300,
        open_overdue=253,
        waiting=40,
    ),
    ("commune", "Chứng thực"): counts(received_direct=9000, on_time=8900, open_in_time=100),
    ("commune", "Hộ tịch"): counts(
        received_online=61,
        received_direct=4400,
        early=4000,
        on_time=266,
        carried_over=10,
        transferred_in=3,
        transferred_out=13,
        open_in_time=50,
        open_overdue=95,
        waiting=50,
    ),
}

INDICATORS: Mapping[str, Mapping[tuple[str, ...], tuple[int, int]]] = {
    "units_with_one_stop": {(): (115, 132), ("province",): (1, 18), ("district",): (8, 8), ("commune",): (106, 106)},
    "one_stop_coverage": {
        (): (1988, 2077),
        ("province",): (1651, 1740),
        ("district",): (222, 222),
        ("commune",): (115, 115),
    },
    "online_supply_3": {(): (63, 2077)},
    "online_supply_4": {(): (73, 2077)},
    "online_supply_34": {(): (136, 2077)},
    "online_active_3": {(): (12, 63)},
    "online_active_4": {(): (5, 73)},
    "online_active_34": {(): (17, 136)},
    "online_usage_3": {(): (900, 4000)},
    "online_usage_4": {(): (0, 0)},
    "online_usage_34": {(): (900, 4000)},
    "online_of_all": {(): (1980, 37588)},
    "satisfaction": {(): (160, 200)},
}


# What no event gives: reported by units, and laid beside the counts of the whole.
REPORTED = {
    "reported.announcement_decisions": 14,
    "reported.announced_province": 53,
    "reported.announced_district": 12,
    "reported.announced_commune": 12,
    "reported.disclosed": 77,
    "reported.petitions_received": 20,
    "reported.petitions_answered": 20,
    "reported.survey_asked": 400,
    "reported.survey_satisfied": 392,
}


PLAN = "Kế hoạch số 447/KH-UBND ngày 18/4/2017 của Ủy ban nhân dân tỉnh Lai Châu"
GOALS = (
    Goal("on_time_strict", Aim.AT_LEAST, 1.0),
    Goal("one_stop_coverage", Aim.ABOVE, 0.9),
    Goal("online_usage_3", Aim.ABOVE, 0.4),
    Goal("online_usage_4", Aim.ABOVE, 0.3),
    Goal("satisfaction", Aim.AT_LEAST, 0.8),
    Goal("petitions_answered", Aim.AT_LEAST, 1.0),
)
COMPARISONS = {Aim.AT_LEAST: "at_least", Aim.ABOVE: "above", Aim.AT_MOST: "at_most", Aim.BELOW: "below"}


def target(goal: Goal | None = GOALS[0], name: str = "Mục tiêu") -> Target:
    """Return a target of the plan that ran until the end of 2020."""
    return Target(Wording(name, name), PLAN, date(2017, 4, 18), date(2021, 1, 1), goal)


TARGETS = tuple(target(goal) for goal in GOALS)


def condition(goal: Goal, channel: str | None = None) -> dict[str, Any]:
    """Return a condition as indicator_api tells it: a threshold is a decimal in a string."""
    told = {"indicator": goal.indicator, "comparison": COMPARISONS[goal.aim], "threshold": f"{goal.threshold}"}
    return {**told, "channel": channel}


def told_target(*conditions: dict[str, Any], points: str | None = None, name: str = "Mục tiêu") -> dict[str, Any]:
    """Return a target as indicator_api tells it."""
    band = {"conditions": list(conditions), "points": points, "pro_rata_of": None}
    told = {"code": "447", "scheme": "447-2017", "name": {"vi": name, "en": name}, "source": PLAN}
    return {**told, "valid_from": "2017-04-18", "valid_to": "2021-01-01", "bands": [band] if conditions else []}


def added(rows: list[dict[str, int]]) -> dict[str, int]:
    """Add counts up."""
    return {name: sum(row[name] for row in rows) for name in COUNTS}


def by_group(cells: Cells) -> dict[tuple[str, ...], dict[str, int]]:
    """Return counts of every field, every level and the whole."""
    groups: dict[tuple[str, ...], dict[str, int]] = {**cells}
    for level in dict.fromkeys(level for level, _field in cells):
        groups[level,] = added([row for key, row in cells.items() if key[0] == level])
    return {**groups, (): added(list(cells.values()))}


def rates(count: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return the two on-time rates of some counts as numerator and denominator.  Rule: contract section 5."""
    timely = count["early"] + count["on_time"]
    all_ = count["carried_over"] + count["received"]
    return {
        "on_time_rate": (timely, timely + count["late"]),
        "on_time_strict": (all_ - count["late"] - count["open_overdue"], all_),
    }


def indicator_rows(indicator: str, size: int, cells: Cells) -> dict[tuple[str, ...], tuple[int, int]]:
    """Return an indicator's rows at one depth of grouping."""
    if indicator in INDICATORS:
        return {group: pair for group, pair in INDICATORS[indicator].items() if len(group) == size}
    return {group: rates(count)[indicator] for group, count in by_group(cells).items() if len(group) == size}


def numbers(cells: Cells = LAI_CHAU) -> Numbers:
    """Return every number that the two forms ask for."""
    merged = {group: dict(count) for group, count in by_group(cells).items()}
    for indicator in (*INDICATORS, "on_time_rate", "on_time_strict"):
        for size in (0, 1):
            for group, (numerator, denominator) in indicator_rows(indicator, size, cells).items():
                parts = {f"{indicator}.numerator": numerator, f"{indicator}.denominator": denominator}
                merged.setdefault(group, {}).update(parts)
    return Numbers(merged)


def order(form: Form = TABLE, **changes: Any) -> ReportOrder:
    """Return an order of Lai Châu's first half of 2020."""
    usual = ReportOrder(
        form.head.code,
        form.head.version,
        "H35",
        "Tỉnh Lai Châu",
        ("H35",),
        H1,
        "2020-H1",
        Cutoff.CALENDAR,
        date(2020, 6, 30),
        None,
        "vi",
        None,
    )
    return replace(usual, **changes)


def content(form: Form = TABLE, wanted: ReportOrder | None = None, of: Numbers | None = None) -> Content:
    """Return a finished report's content."""
    wanted = wanted or order(form)
    figures = fill(form, of or numbers(), wanted.subject, TARGETS)
    printed = wanted.compare_with
    comparison = compare(form, figures, title=printed.title, printed=printed.figures) if printed else None
    return Content(THROUGH, figures, tuple(check_figures(form, figures)), comparison)


@dataclass
class FakeFigures:
    """indicator_api as its contract tells it: `positions` is how far it reaches at each answer, the last for ever."""

    cells: Cells = field(default_factory=lambda: LAI_CHAU)
    positions: list[int] = field(default_factory=lambda: [91234])
    asked: list[httpx.Request] = field(default_factory=list)
    before_answer: Callable[[int], httpx.Response | None] = lambda _number: None
    targets: list[dict[str, Any]] = field(default_factory=lambda: [told_target(condition(one)) for one in GOALS])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        instead = self.before_answer(len(self.asked))
        if instead is not None:
            return instead
        if request.url.path == "/v1/targets":
            return httpx.Response(200, json={"recorded_at": None, "recorded_by": None, "items": self.targets})
        group_by = [name for name in request.url.params.get("group_by", "").split(",") if name]
        return httpx.Response(200, json={**self._head(), "rows": self._rows(request.url.path, group_by)})

    def _head(self) -> dict[str, Any]:
        position = self.positions.pop(0) if len(self.positions) > 1 else self.positions[0]
        return {"truncated": False, "through": {"position": position, "at": "2020-07-01T00:00:03+07:00"}}

    def _rows(self, path: str, group_by: list[str]) -> list[dict[str, Any]]:
        if path == "/v1/counts":
            groups = by_group(self.cells)
            found: dict[tuple[str, ...], dict[str, Any]] = {
                group: {"counts": count} for group, count in groups.items() if len(group) == len(group_by)
            }
        else:
            pairs = indicator_rows(path.removeprefix("/v1/indicators/"), len(group_by), self.cells)
            found = {
                group: {"numerator": numerator, "denominator": denominator, "value": None}
                for group, (numerator, denominator) in pairs.items()
            }
        return [{"group": dict(zip(group_by, group, strict=True)), **row} for group, row in found.items()]


# What each key's owner is told by /v1/whoami.
KEYS: Mapping[str, dict[str, Any]] = {
    "province": {"unit_code": None, "scopes": ["reports:read", "reports:write"]},
    "commune": {"unit_code": "H35.12", "scopes": ["reports:read", "reports:write"]},
    "other-commune": {"unit_code": "H35.13", "scopes": ["reports:read", "reports:write"]},
    "district": {"unit_code": "H35.1", "scopes": ["reports:read"]},
    "report_worker": {"unit_code": None, "scopes": ["dossiers:read", "figures:read"]},
    "reader": {"unit_code": None, "scopes": ["reports:read"]},
    "counter": {"unit_code": None, "scopes": ["events:write"]},
}
UNITS: Mapping[str, dict[str, Any]] = {
    "H35": {"name": "Tỉnh Lai Châu", "level": "province", "path": ["H35"]},
    "H35.1": {"name": "Huyện Tam Đường", "level": "district", "path": ["H35", "H35.1"], "valid_to": "2025-07-01"},
    "H35.12": {"name": "Xã Bản Bo", "path": ["H35", "H35.1", "H35.12"]},
    "H35.13": {"name": "Xã Nà Tăm", "path": ["H35", "H35.1", "H35.13"]},
}


# 2 January 2026 was off for Saturday 10 January.
CALENDAR: Mapping[str, list[dict[str, Any]]] = {
    "2026": [
        {"day": "2026-01-01", "kind": "off"},
        {"day": "2026-01-02", "kind": "off"},
        {"day": "2026-01-10", "kind": "worked"},
    ],
}


@dataclass
class FakeDossiers:
    """dossier_api as its contract tells it: who a key belongs to, the units that key may see, the calendar."""

    is_down: bool = False
    gone: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        name = request.headers["Authorization"].removeprefix("Bearer ")
        if name not in KEYS:
            return httpx.Response(401, json={"type": "about:blank"})
        if request.url.path == "/v1/whoami":
            return httpx.Response(200, json={"id": name, "name": name, "expires_at": None, **KEYS[name]})
        if self.is_down:
            return httpx.Response(503)
        if request.url.path == "/v1/calendar":
            return httpx.Response(200, json={"items": CALENDAR.get(request.url.params["year"], [])})
        if request.url.path == "/v1/units":
            return httpx.Response(200, json={"items": [_listed(one) for one in UNITS if one not in self.gone]})
        return self._unit(request.url.path.removeprefix("/v1/units/"), KEYS[name]["unit_code"])

    def _unit(self, code: str, root: str | None) -> httpx.Response:
        unit = UNITS.get(code) if code not in self.gone else None
        if unit is None or root not in (None, *unit["path"]):
            return httpx.Response(404, json={"type": "about:blank"})
        visible = unit["path"][unit["path"].index(root) :] if root else unit["path"]
        return httpx.Response(200, json={"code": code, "level": "commune", "name": unit["name"], "path": visible})


def _listed(code: str) -> dict[str, Any]:
    unit = UNITS[code]
    parent = unit["path"][-2] if len(unit["path"]) > 1 else None
    days = {"valid_from": "2004-01-01", "valid_to": None}
    return {"code": code, "level": "commune", "parent_code": parent, **days, **unit}


def report_body(**changes: Any) -> dict[str, Any]:
    """Return the body that orders Lai Châu's table of the first half of 2020."""
    return {"form": "II.06a", "unit_code": "H35", "period": "2020-H1", **changes}
