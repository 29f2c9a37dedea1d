"""The catalogue is written whole or not at all; what is already so stays untouched.  Rule: contract section 2."""

from typing import Any

import httpx
import pytest

from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, post
from tests.dossier_api.wire import (
    BIRTH,
    CATALOGUE_ENTRIES,
    COMMUNE,
    DISTRICT,
    DOSSIER,
    OTHER_COMMUNE,
    OTHER_DISTRICT,
    PROVINCE,
)
from tests.support.problems import assert_problem

HOURS = {
    "unit_code": DISTRICT,
    "valid_from": "2011-01-01",
    "weekdays": {"mon": [["07:30", "11:30"], ["13:30", "17:00"]]},
}


async def write(client: httpx.AsyncClient, **change: Any) -> dict[str, int]:
    answer = await client.post("/v1/catalogue", json=change)
    assert answer.status_code == httpx.codes.OK, answer.text
    written: dict[str, int] = answer.json()
    return written


def nothing(position: int) -> dict[str, int]:
    return {"position": position, "units": 0, "procedures": 0, "calendar": 0, "office_hours": 0}


async def refused(client: httpx.AsyncClient, *contradictions: str, **change: Any) -> None:
    answer = await client.post("/v1/catalogue", json=change)
    assert_problem(answer, 409, "catalogue-inconsistent", contradictions=list(contradictions))


async def test_everything_is_written_at_once_and_counted(service: Service) -> None:
    client = await service.client()
    whole = {**wire.catalogue(), "calendar": [wire.off("2020-09-02")], "office_hours": [HOURS]}

    written = await write(client, **whole)

    assert written == {"position": 10, "units": 6, "procedures": 2, "calendar": 1, "office_hours": 1}


async def test_writing_the_same_again_changes_nothing_and_tells_nobody(service: Service) -> None:
    client = await service.client()
    whole = {**wire.catalogue(), "calendar": [wire.off("2020-09-02")], "office_hours": [HOURS]}
    await write(client, **whole)

    assert await write(client, **whole) == nothing(10)
    assert len((await client.get("/v1/feed")).json()) == 10


async def test_only_what_changes_is_told(province: httpx.AsyncClient) -> None:
    renamed = wire.unit(COMMUNE, "commune", DISTRICT, name="Xã Mường Tè")

    written = await write(province, units=[*wire.tree()[:4], renamed], procedures=[wire.procedure(BIRTH)])

    assert written == {**nothing(CATALOGUE_ENTRIES + 1), "units": 1}
    [entry] = (await province.get("/v1/feed", params={"after": CATALOGUE_ENTRIES})).json()
    assert (entry["subject"], entry["data"]) == (COMMUNE, renamed)


async def test_every_change_leaves_an_audit_row(service: Service, province: httpx.AsyncClient) -> None:
    writer = (await province.get("/v1/whoami")).json()["id"]
    renamed = wire.unit(COMMUNE, "commune", DISTRICT, name="Xã Mường Tè")
    holiday = wire.off("2020-09-02")

    await write(province, units=[renamed], calendar=[holiday])

    rows = await service.rows(
        "SELECT key_id, action, subject, before, after FROM dossier.audit ORDER BY id DESC LIMIT 2"
    )
    assert rows == [
        (writer, "vn.motcua.catalogue.calendar_day.v1", "2020-09-02", None, holiday),
        (writer, "vn.motcua.catalogue.unit.v1", COMMUNE, wire.tree()[4], renamed),
    ]


async def test_versions_are_merged_by_their_first_day_and_end_where_the_next_begins(
    province: httpx.AsyncClient,
) -> None:
    newer, newest = (wire.version(valid_from=day) for day in ("2020-03-01", "2020-05-01"))

    await province.put(f"/v1/procedures/{BIRTH}", json=wire.procedure(BIRTH, newest))
    await province.put(f"/v1/procedures/{BIRTH}", json=wire.procedure(BIRTH, newer))

    versions = (await province.get(f"/v1/procedures/{BIRTH}")).json()["versions"]
    assert [(one["valid_from"], one["valid_to"]) for one in versions] == [
        ("2019-01-01", "2020-03-01"),
        ("2020-03-01", "2020-05-01"),
        ("2020-05-01", None),
    ]


async def test_a_gap_between_versions_stays_a_gap(province: httpx.AsyncClient) -> None:
    ended = wire.version(valid_from="2010-01-01", valid_to="2011-01-01")

    await province.put(f"/v1/procedures/{BIRTH}", json=wire.procedure(BIRTH, ended))

    versions = (await province.get(f"/v1/procedures/{BIRTH}")).json()["versions"]
    assert [(one["valid_from"], one["valid_to"]) for one in versions] == [
        ("2010-01-01", "2011-01-01"),
        ("2019-01-01", None),
    ]


async def test_contradictions_are_named_and_nothing_is_written(province: httpx.AsyncClient) -> None:
    await refused(
        province,
        "office hours are given for H99, which is no unit",
        "A lies below NONE, which is no unit",
        "B is succeeded by NONE, which is no unit",
        "C ends on 2004-01-01, not after it began on 2004-01-01",
        "D lies below itself",
        "E lies below itself",
        units=[
            wire.unit("A", "district", "NONE"),
            wire.unit("B", "district", PROVINCE, successor_codes=["NONE"]),
            wire.unit("C", "district", PROVINCE, valid_to="2004-01-01"),
            wire.unit("D", "district", "E"),
            wire.unit("E", "district", "D"),
            wire.unit("F", "district", PROVINCE),
        ],
        office_hours=[{**HOURS, "unit_code": "H99"}],
    )

    assert len((await province.get("/v1/feed")).json()) == CATALOGUE_ENTRIES
    assert_problem(await province.get("/v1/units/F"), 404, "unit-unknown", unit_code="F")


async def test_the_address_and_the_body_must_name_the_same(province: httpx.AsyncClient) -> None:
    bodies = {
        f"/v1/units/{DISTRICT}": wire.tree()[3],
        f"/v1/procedures/{DISTRICT}": wire.procedure(OTHER_DISTRICT),
        f"/v1/units/{DISTRICT}/office-hours": {**HOURS, "unit_code": OTHER_DISTRICT},
    }

    for path, body in bodies.items():
        answer = await province.put(path, json=body)
        contradictions = [f"the path says {DISTRICT}, the body {OTHER_DISTRICT}"]
        assert_problem(answer, 409, "catalogue-inconsistent", contradictions=contradictions)


async def test_one_entity_is_put_at_its_own_address(province: httpx.AsyncClient) -> None:
    unit, hours = wire.unit("H35.99", "district", PROVINCE), {**HOURS, "unit_code": "H35.99"}
    procedure = wire.procedure("3.000001", wire.version(late_acceptance_after="15:00:00"))

    answers = [
        await province.put("/v1/units/H35.99", json=unit),
        await province.put("/v1/units/H35.99/office-hours", json=hours),
        await province.put("/v1/procedures/3.000001", json=procedure),
    ]

    assert [answer.json() for answer in answers] == [
        {**nothing(CATALOGUE_ENTRIES + 1), "units": 1},
        {**nothing(CATALOGUE_ENTRIES + 2), "office_hours": 1},
        {**nothing(CATALOGUE_ENTRIES + 3), "procedures": 1},
    ]
    assert (await province.get("/v1/units/H35.99")).json() == {**unit, "path": [PROVINCE, "H35.99"]}
    assert (await province.get("/v1/procedures/3.000001")).json() == procedure


async def test_procedures_are_paged_by_code(province: httpx.AsyncClient) -> None:
    first = (await province.get("/v1/procedures", params={"limit": 1})).json()
    second = (await province.get("/v1/procedures", params={"limit": 1, "cursor": first["next"]})).json()

    codes = [[one["code"] for one in page["items"]] for page in (first, second)]
    assert (codes, second["has_more"]) == ([[BIRTH], [wire.LAND]], False)


async def test_units_are_paged_by_code(province: httpx.AsyncClient) -> None:
    first = (await province.get("/v1/units", params={"limit": 4})).json()
    second = (await province.get("/v1/units", params={"limit": 4, "cursor": first["next"]})).json()

    codes = [unit["code"] for page in (first, second) for unit in page["items"]]
    assert (codes, first["has_more"], second["has_more"]) == (sorted(unit["code"] for unit in wire.tree()), True, False)


async def test_the_calendar_lists_the_official_days_of_a_year(province: httpx.AsyncClient) -> None:
    tet = [wire.off(f"2020-01-{day}", decision="2526/LĐTBXH-ATLĐ") for day in (23, 24)]
    await write(province, calendar=[*tet, wire.off("2021-01-01")])

    assert (await province.get("/v1/calendar", params={"year": 2020})).json()["items"] == tet

    await write(province, calendar=[{**tet[0], "kind": "usual"}])
    assert (await province.get("/v1/calendar", params={"year": 2020})).json()["items"] == tet[1:]


async def test_a_dossier_keeps_the_dates_it_was_promised_when_the_calendar_changes(
    province: httpx.AsyncClient,
) -> None:
    await post(province, wire.event())
    await write(province, calendar=[wire.off("2020-06-04"), wire.off("2020-06-05")])
    await post(province, wire.event(id="e2", dossier="later"))

    dues = [(await province.get(f"/v1/dossiers/{code}")).json()["due_first"] for code in (DOSSIER, "later")]

    assert dues == ["2020-06-08T17:00:00+07:00", "2020-06-10T17:00:00+07:00"]


async def test_office_hours_are_inherited_from_the_nearest_ancestor(province: httpx.AsyncClient) -> None:
    until = {"unit_code": PROVINCE, "weekdays": {"mon": [["07:00", "11:00"], ["13:00", "16:00"]]}}
    own = {"unit_code": DISTRICT, "weekdays": {"mon": [["08:00", "12:00"]]}}
    await write(
        province,
        office_hours=[
            {**until, "valid_from": "2011-01-01"},
            {**own, "valid_from": "2011-01-01"},
            {**own, "valid_from": "2021-01-01", "weekdays": {"mon": [["08:00", "18:00"]]}},
        ],
    )

    for number, unit_code in enumerate([COMMUNE, DISTRICT, OTHER_COMMUNE, PROVINCE]):
        await post(
            province, wire.event(id=f"e{number}", dossier=f"D-{number}", data=wire.accepted(unit_code=unit_code))
        )

    dues = [item["due_first"] for item in (await province.get("/v1/dossiers")).json()["items"]]
    assert [due[11:16] for due in dues] == ["12:00", "12:00", "16:00", "16:00"]
    listed = (await province.get(f"/v1/units/{DISTRICT}/office-hours")).json()["items"]
    assert [hours["valid_from"] for hours in listed] == ["2021-01-01", "2011-01-01"]
    assert (await province.get(f"/v1/units/{COMMUNE}/office-hours")).json()["items"] == []


@pytest.fixture
async def district(service: Service, province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a writer of one district's part of the catalogue."""
    return await service.client(DISTRICT, Scope.CATALOGUE_WRITE)


async def test_a_restricted_writer_writes_its_own_subtree(district: httpx.AsyncClient) -> None:
    new = wire.unit("H35.12.02", "commune", DISTRICT)

    assert await write(district, units=[new], office_hours=[HOURS]) == {
        **nothing(CATALOGUE_ENTRIES + 2),
        "units": 1,
        "office_hours": 1,
    }


@pytest.mark.parametrize(
    ("change", "unit_code"),
    [
        ({"units": [wire.unit(OTHER_COMMUNE, "commune", OTHER_DISTRICT, name="x")]}, OTHER_COMMUNE),
        ({"units": [wire.unit(OTHER_COMMUNE, "commune", DISTRICT)]}, OTHER_COMMUNE),
        ({"units": [wire.unit("NEW", "commune", OTHER_DISTRICT)]}, "NEW"),
        ({"units": [wire.unit("NEW", "commune", "NONE")]}, "NEW"),
        ({"units": [wire.unit(COMMUNE, "commune", OTHER_DISTRICT)]}, COMMUNE),
        ({"office_hours": [{**HOURS, "unit_code": OTHER_DISTRICT}]}, OTHER_DISTRICT),
        ({"office_hours": [{**HOURS, "unit_code": "NONE"}]}, "NONE"),
    ],
    ids=["foreign", "drawn over", "below a foreign one", "below none", "given away", "foreign hours", "hours of none"],
)
async def test_what_lies_outside_is_as_unknown_as_what_does_not_exist(
    district: httpx.AsyncClient, change: dict[str, Any], unit_code: str
) -> None:
    answer = await district.post("/v1/catalogue", json=change)

    assert_problem(answer, 404, "unit-unknown", unit_code=unit_code)


async def test_a_restricted_writer_cannot_lift_its_own_unit_out_of_the_tree(
    province: httpx.AsyncClient, district: httpx.AsyncClient
) -> None:
    seen = (await district.get(f"/v1/units/{DISTRICT}")).json()
    assert (seen.pop("path"), seen["parent_code"]) == ([DISTRICT], None)

    for parent_code in (None, OTHER_DISTRICT):
        written = await write(district, units=[{**seen, "parent_code": parent_code}])
        assert written == nothing(CATALOGUE_ENTRIES)

    assert (await province.get(f"/v1/units/{DISTRICT}")).json()["parent_code"] == PROVINCE


@pytest.mark.parametrize("change", [{"procedures": [wire.procedure("NEW")]}, {"calendar": [wire.off("2020-09-02")]}])
async def test_procedures_and_the_calendar_are_the_whole_provinces(
    district: httpx.AsyncClient, change: dict[str, Any]
) -> None:
    answer = await district.post("/v1/catalogue", json=change)

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "province-wide")


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown member", {"unit": []}, "#/unit"),
    ("a code with blanks", {"units": [wire.unit("Lai Châu", "district", None)]}, "#/units/0/code"),
    ("a null character", {"units": [wire.unit("A", "district", None, name="a\0b")]}, "#/units/0/name"),
    ("a day as a number", {"units": [wire.unit("A", "district", None, valid_from=0)]}, "#/units/0/valid_from"),
    ("an unknown level", {"units": [wire.unit("A", "ward", None)]}, "#/units/0/level"),
    ("a day before any calendar", {"calendar": [wire.off("1999-12-31")]}, "#/calendar/0/day"),
    ("a day without decision", {"calendar": [wire.off("2020-09-02", decision="")]}, "#/calendar/0/decision"),
    ("another kind of day", {"calendar": [wire.off("2020-09-02", kind="half")]}, "#/calendar/0/kind"),
    ("no versions", {"procedures": [{"code": "1", "versions": []}]}, "#/procedures/0/versions"),
    ("the same unit twice", {"units": [wire.tree()[0]] * 2}, "#"),
    ("the same day twice", {"calendar": [wire.off("2020-09-02")] * 2}, "#"),
    ("the same procedure twice", {"procedures": [wire.procedure()] * 2}, "#"),
    ("the same hours twice", {"office_hours": [HOURS] * 2}, "#"),
]
WRONG_VERSIONS: list[tuple[str, dict[str, Any], str]] = [
    ("a term of a century", {"processing_time": {"amount": 25_000, "unit": "working_day"}}, "/processing_time"),
    ("a negative term", {"processing_time": {"amount": -1, "unit": "working_day"}}, "/processing_time/amount"),
    ("a level its scheme does not know", {"online_level": {"scheme": "nd42", "value": "4"}}, "/online_level"),
    ("an hour with an offset", {"late_acceptance_after": "15:00+07:00"}, "/late_acceptance_after"),
    ("an end before its beginning", {"valid_to": "2018-12-31"}, ""),
    ("an end on its beginning", {"valid_to": "2019-01-01"}, ""),
]
WRONG_HOURS: list[tuple[str, dict[str, Any], str]] = [
    ("hours that go back", {"mon": [["13:30", "17:00"], ["07:30", "11:30"]]}, ""),
    ("hours that never are", {"mon": []}, ""),
    ("hours with an offset", {"mon": [["07:30+07:00", "11:30"]]}, "/weekdays/mon/0/0"),
    ("hours with seconds", {"mon": [["07:30:30", "11:30"]]}, "/weekdays/mon/0/0"),
    ("half a span", {"mon": [["07:30"]]}, "/weekdays/mon/0"),
    ("another day", {"mo": [["07:30", "11:30"]]}, "/weekdays/mo/[key]"),
]
ALL_WRONG = [
    *WRONG,
    *(
        (name, {"procedures": [wire.procedure("1", wire.version(**members))]}, f"#/procedures/0/versions/0{place}")
        for name, members, place in WRONG_VERSIONS
    ),
    *(
        (name, {"office_hours": [{**HOURS, "weekdays": weekdays}]}, f"#/office_hours/0{place}")
        for name, weekdays, place in WRONG_HOURS
    ),
]


@pytest.mark.parametrize(("change", "pointer"), [pytest.param(*rest, id=name) for name, *rest in ALL_WRONG])
async def test_what_cannot_be_is_refused_where_it_is_wrong(
    province: httpx.AsyncClient, change: dict[str, Any], pointer: str
) -> None:
    answer = await province.post("/v1/catalogue", json=change)

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
