import pytest

from shared.http.access import Scope
from tests.shared.serving import caller, client_of
from tests.support.problems import assert_problem

READER = caller("reader", Scope.DOSSIERS_READ)
ADMIN = caller("admin", Scope.ADMIN)
WRITER = caller("writer", Scope.EVENTS_WRITE)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": "Bearer stranger"}, id="unknown-token"),
        pytest.param({"Authorization": "Bearer "}, id="empty-token"),
        pytest.param({"Authorization": "Basic cmVhZGVyOg=="}, id="another-scheme"),
        pytest.param({"Authorization": "reader"}, id="no-scheme"),
    ],
)
async def test_without_a_good_token_there_is_no_entrance(headers: dict[str, str]) -> None:
    async with client_of(READER) as client:
        answer = await client.get("/mine", headers=headers)

    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_caller_without_the_scope_is_told_which() -> None:
    async with client_of(WRITER) as client:
        answer = await client.get("/mine", headers={"Authorization": "Bearer writer"})

    assert_problem(answer, 403, "scope-missing", scope="dossiers:read")


@pytest.mark.parametrize("name", [pytest.param("reader", id="the-scope"), pytest.param("admin", id="admin-has-all")])
async def test_a_caller_with_the_scope_enters(name: str) -> None:
    async with client_of(READER, ADMIN) as client:
        answer = await client.get("/mine", headers={"Authorization": f"Bearer {name}"})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["http://frame/livez", "http://frame/readyz", "http://frame/openapi.json"])
async def test_health_and_description_need_no_token(path: str) -> None:
    async with client_of() as client:
        assert (await client.get(path)).status_code == 200
