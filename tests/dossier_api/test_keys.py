"""Keys: issued, good within their subtree, their scopes and their time, dead at once when revoked."""

import hashlib
import logging
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import NOON, Service
from tests.dossier_api.wire import COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE
from tests.support.problems import assert_problem

WANTED: dict[str, Any] = {"name": "quầy 2", "unit_code": DISTRICT, "scopes": ["events:write"], "expires_at": None}


async def issue(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await client.post("/v1/keys", json={**WANTED, **wanted})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    key: dict[str, Any] = answer.json()
    return key


async def test_a_key_is_shown_once_and_kept_by_its_hash(service: Service, province: httpx.AsyncClient) -> None:
    issued = await issue(province)

    secret = issued["key"].rpartition("_")[2]
    assert re.fullmatch(r"mc_test_[0-9a-f]{16}_[0-9a-f]{64}", issued["key"])
    assert issued == {
        **WANTED,
        "id": issued["key"].split("_")[2],
        "key": issued["key"],
        "created_at": "2020-06-01T12:00:00+07:00",
        "revoked_at": None,
    }
    assert await service.rows("SELECT secret_hash FROM dossier.api_keys WHERE id = :id", id=issued["id"]) == [
        hashlib.sha256(secret.encode()).digest()
    ]
    listed = (await province.get("/v1/keys")).json()["items"]
    told = {**issued, "created_at": "2020-06-01T05:00:00Z"}
    assert {name: value for name, value in told.items() if name != "key"} in listed


async def test_no_secret_is_stored_or_logged(
    service: Service, province: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    issued = await issue(province)
    client = await service.client_with(issued["key"])

    for path in ("/v1/whoami", "/v1/keys", "/v1/nothing"):
        await client.get(path)

    secret = issued["key"].rpartition("_")[2]
    for table in ("api_keys", "audit", "events"):
        assert secret not in str(await service.rows(f"SELECT to_jsonb(t)::text FROM dossier.{table} t"))
    assert secret not in caplog.text


async def test_who_am_i_tells_the_keys_owner(service: Service, province: httpx.AsyncClient) -> None:
    issued = await issue(province, scopes=["figures:read", "dossiers:read"], expires_at="2020-12-31T17:00:00+07:00")
    client = await service.client_with(issued["key"])

    answer = await client.get("/v1/whoami")

    assert answer.json() == {
        "id": issued["id"],
        "name": "quầy 2",
        "unit_code": DISTRICT,
        "scopes": ["dossiers:read", "figures:read"],
        "expires_at": "2020-12-31T10:00:00Z",
    }


GOOD = "mc_test_0123456789abcdef_" + "0" * 64


@pytest.mark.parametrize("token", [None, "x", "mc_test", GOOD, GOOD.replace("mc", "xy"), "mc_____", "mc__0_"])
async def test_without_a_good_key_nothing_is_answered(
    service: Service, province: httpx.AsyncClient, token: str | None
) -> None:
    client = await service.client_with(token)

    for path in ("/v1/whoami", "/v1/units", "/v1/feed", "/v1/dossiers/x"):
        answer = await client.get(path)
        assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_right_id_with_another_secret_is_no_key(service: Service, province: httpx.AsyncClient) -> None:
    issued = await issue(province)
    client = await service.client_with(issued["key"][:-1] + ("0" if issued["key"][-1] != "0" else "1"))

    assert_problem(await client.get("/v1/whoami"), 401, "unauthenticated")


async def test_a_key_dies_at_its_hour(service: Service, province: httpx.AsyncClient) -> None:
    client = await service.client(DISTRICT, Scope.EVENTS_WRITE, expires_at=NOON + timedelta(hours=1))

    service.clock.move(minutes=59, seconds=59)
    assert (await client.get("/v1/whoami")).status_code == httpx.codes.OK
    service.clock.move(seconds=1)
    assert_problem(await client.get("/v1/whoami"), 401, "unauthenticated")


async def test_a_revoked_key_is_dead_at_once(service: Service, province: httpx.AsyncClient) -> None:
    issued = await issue(province)
    client = await service.client_with(issued["key"])
    assert (await client.get("/v1/whoami")).status_code == httpx.codes.OK

    revoked = await province.delete(f"/v1/keys/{issued['id']}")

    assert (revoked.status_code, revoked.content) == (204, b"")
    assert_problem(await client.get("/v1/whoami"), 401, "unauthenticated")
    [kept] = [key for key in (await province.get("/v1/keys")).json()["items"] if key["id"] == issued["id"]]
    assert kept["revoked_at"] == "2020-06-01T05:00:00Z"


async def test_revoking_twice_keeps_the_first_hour(service: Service, province: httpx.AsyncClient) -> None:
    issued = await issue(province)
    await province.delete(f"/v1/keys/{issued['id']}")
    service.clock.move(hours=1)

    assert (await province.delete(f"/v1/keys/{issued['id']}")).status_code == httpx.codes.NO_CONTENT

    [kept] = [key for key in (await province.get("/v1/keys")).json()["items"] if key["id"] == issued["id"]]
    assert kept["revoked_at"] == "2020-06-01T05:00:00Z"


async def test_an_unknown_key_cannot_be_revoked(province: httpx.AsyncClient) -> None:
    assert_problem(await province.delete("/v1/keys/x"), 404, "key-unknown", key_id="x")


EVERY_ROUTE = [
    ("GET", "/v1/dossiers", Scope.DOSSIERS_READ),
    ("GET", "/v1/dossiers/x", Scope.DOSSIERS_READ),
    ("GET", "/v1/dossiers/x/events", Scope.DOSSIERS_READ),
    ("GET", "/v1/feed", Scope.DOSSIERS_READ),
    ("POST", "/v1/events", Scope.EVENTS_WRITE),
    ("GET", "/v1/rejected-events", Scope.EVENTS_WRITE),
    ("POST", "/v1/catalogue", Scope.CATALOGUE_WRITE),
    ("PUT", "/v1/units/x", Scope.CATALOGUE_WRITE),
    ("PUT", "/v1/procedures/x", Scope.CATALOGUE_WRITE),
    ("POST", "/v1/keys", Scope.ADMIN),
    ("GET", "/v1/keys", Scope.ADMIN),
    ("DELETE", "/v1/keys/x", Scope.ADMIN),
]


@pytest.mark.parametrize(("method", "path", "scope"), EVERY_ROUTE)
async def test_each_route_needs_its_scope(
    service: Service, province: httpx.AsyncClient, method: str, path: str, scope: Scope
) -> None:
    others = [other for other in Scope if other not in {scope, Scope.ADMIN}]
    client = await service.client(None, *others)

    answer = await client.request(method, path, json={})

    assert_problem(answer, 403, "scope-missing", scope=str(scope))


async def test_the_problem_of_a_missing_scope_is_told_in_english_too(
    service: Service, province: httpx.AsyncClient
) -> None:
    client = await service.client(None, Scope.FIGURES_READ)

    answer = await client.get("/v1/feed", headers={"Accept-Language": "en"})

    assert answer.json()["detail"] == (
        "This key or token lacks the scope dossiers:read; ask the administrator for one that has it."
    )


@pytest.fixture
async def district(service: Service, province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return an administrator of one district."""
    return await service.client(DISTRICT, Scope.ADMIN)


@pytest.mark.parametrize("unit_code", [DISTRICT, COMMUNE])
async def test_an_administrator_issues_keys_of_its_subtree(district: httpx.AsyncClient, unit_code: str) -> None:
    assert (await issue(district, unit_code=unit_code, scopes=["admin"]))["unit_code"] == unit_code


async def test_a_key_for_the_whole_tree_would_exceed_its_issuer(district: httpx.AsyncClient) -> None:
    answer = await district.post("/v1/keys", json={**WANTED, "unit_code": None})

    assert_problem(answer, 409, "key-would-exceed", scopes=["events:write"])


@pytest.mark.parametrize("unit_code", [OTHER_DISTRICT, PROVINCE, "H99"])
async def test_a_unit_outside_is_as_unknown_as_one_that_does_not_exist(
    district: httpx.AsyncClient, unit_code: str
) -> None:
    answer = await district.post("/v1/keys", json={**WANTED, "unit_code": unit_code})

    assert_problem(answer, 404, "unit-unknown", unit_code=unit_code)


async def test_a_key_does_not_outlive_its_issuer(service: Service, province: httpx.AsyncClient) -> None:
    issuer = await service.client(None, Scope.ADMIN, expires_at=NOON + timedelta(days=1))

    for_ever = await issuer.post("/v1/keys", json=WANTED)
    longer = await issuer.post("/v1/keys", json={**WANTED, "expires_at": "2020-06-02T12:00:01+07:00"})
    as_long = await issuer.post("/v1/keys", json={**WANTED, "expires_at": "2020-06-02T12:00:00+07:00"})

    assert_problem(for_ever, 409, "key-would-exceed", scopes=["events:write"])
    assert_problem(longer, 409, "key-would-exceed", scopes=["events:write"])
    assert as_long.status_code == httpx.codes.CREATED


async def test_a_restricted_administrator_lists_and_revokes_in_its_subtree_only(
    province: httpx.AsyncClient, district: httpx.AsyncClient
) -> None:
    foreign = [await issue(province, unit_code=unit_code) for unit_code in (OTHER_DISTRICT, PROVINCE, None)]
    own = await issue(province, unit_code=COMMUNE)

    listed = [key["id"] for key in (await district.get("/v1/keys")).json()["items"]]

    assert own["id"] in listed
    for key in foreign:
        assert key["id"] not in listed
        assert_problem(await district.delete(f"/v1/keys/{key['id']}"), 404, "key-unknown", key_id=key["id"])
    assert (await district.delete(f"/v1/keys/{own['id']}")).status_code == httpx.codes.NO_CONTENT


@pytest.mark.parametrize(
    ("unit_code", "reached"), [(None, {None, COMMUNE, OTHER_DISTRICT}), (DISTRICT, {DISTRICT, COMMUNE})]
)
async def test_keys_are_listed_in_pages_oldest_first(
    service: Service, province: httpx.AsyncClient, unit_code: str | None, reached: set[str | None]
) -> None:
    client = await service.client(unit_code, Scope.ADMIN)
    for place in range(6):
        # Two are made at the same instant, and every other one is foreign to the district.
        service.clock.move(minutes=place % 2)
        await issue(province, name=str(place), unit_code=(COMMUNE, OTHER_DISTRICT)[place % 2])
    whole = (await client.get("/v1/keys")).json()["items"]

    read: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get("/v1/keys", params={"limit": 2, **cursor})).json()
        read += page["items"]
        if not page["has_more"]:
            break
        cursor = {"cursor": page["next"]}

    assert (read, page["next"]) == (whole, None)
    assert [key["created_at"] for key in read] == sorted(key["created_at"] for key in read)
    assert {key["unit_code"] for key in read} == reached


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": "x" * 101}, "#/name"),
        ({"name": "a\0b"}, "#/name"),
        ({"scopes": []}, "#/scopes"),
        ({"scopes": ["all"]}, "#/scopes/0"),
        ({"expires_at": "2020-12-31T17:00:00"}, "#/expires_at"),
        ({"expires_at": 0}, "#/expires_at"),
        ({"expires_at": "1767225600"}, "#/expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-10:00"}, "#/expires_at"),
        ({"owner": "x"}, "#/owner"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_request_for_a_key_is_read_strictly(
    province: httpx.AsyncClient, wanted: dict[str, Any], pointer: str
) -> None:
    answer = await province.post("/v1/keys", json={**WANTED, **wanted})

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_scope_named_twice_is_given_once(province: httpx.AsyncClient) -> None:
    issued = await issue(province, scopes=["events:write", "dossiers:read", "events:write"])

    assert issued["scopes"] == ["dossiers:read", "events:write"]


async def test_issuing_and_revoking_leave_audit_rows(service: Service, province: httpx.AsyncClient) -> None:
    writer = (await province.get("/v1/whoami")).json()["id"]
    issued = await issue(province)
    await province.delete(f"/v1/keys/{issued['id']}")

    rows = await service.rows(
        "SELECT key_id, action, before, after FROM dossier.audit WHERE subject = :id ORDER BY id", id=issued["id"]
    )

    told = {"name": "quầy 2", "unit_code": DISTRICT, "scopes": ["events:write"]}
    assert rows == [(writer, "key-issued", None, told), (writer, "key-revoked", None, None)]


async def test_a_unit_is_what_a_key_sees(service: Service, province: httpx.AsyncClient) -> None:
    client = await service.client(DISTRICT, Scope.FIGURES_READ)

    listed = (await client.get("/v1/units")).json()["items"]

    # As if nothing above or beside it existed.
    top = {**wire.unit(DISTRICT, "district", None), "path": [DISTRICT]}
    assert listed == [top, {**wire.unit(COMMUNE, "commune", DISTRICT), "path": [DISTRICT, COMMUNE]}]
    assert (await client.get(f"/v1/units/{DISTRICT}")).json() == top
    assert_problem(await client.get(f"/v1/units/{PROVINCE}"), 404, "unit-unknown", unit_code=PROVINCE)
