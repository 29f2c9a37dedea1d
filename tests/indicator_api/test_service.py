"""The service as a whole: health, description, opening and closing."""

import httpx
import pytest
from openapi_spec_validator import validate

from indicator_api.app import create_app
from indicator_api.settings import Settings
from motcua.roles import Databases
from motcua.services import INDICATOR
from tests.indicator_api.feeding import SETTINGS, World


def settings_on(database_url: str) -> Settings:
    """Return settings whose dossier_api refuses every connection."""
    told = {"database_url": database_url, "dossier_url": "http://127.0.0.1:1", "key": "mc_test_feed_key"}
    return Settings.model_validate(told)


async def test_it_is_alive_and_ready_though_its_neighbour_is_down(own_database: Databases) -> None:
    app = create_app(settings_on(own_database.of(INDICATOR)))

    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(base_url="http://indicator", transport=transport) as client:
            alive, ready = await client.get("/livez"), await client.get("/readyz")
            refused = await client.get("/v1/counts?period=2020", headers={"Authorization": "Bearer mc_test_x"})

    assert (alive.status_code, ready.status_code) == (200, 200)
    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert refused.json()["type"].endswith("/upstream-unavailable")


async def test_it_is_not_ready_without_a_database() -> None:
    app = create_app(settings_on("postgresql://nobody:nothing@127.0.0.1:1/nowhere"))

    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(base_url="http://indicator", transport=transport) as client:
            answer = await client.get("/readyz")

    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.json()["failed"] == ["database"]


async def test_a_reader_that_has_an_answer_is_not_given_it_again(world: World) -> None:
    await world.project()
    first = await world.get("/v1/counts", period="2020")

    headers = {"Authorization": first.request.headers["Authorization"], "If-None-Match": first.headers["ETag"]}
    again = await world.client.get("/v1/counts?period=2020", headers=headers)

    assert (again.status_code, again.content) == (304, b"")


def test_its_description_is_valid_and_names_its_operations() -> None:
    description = create_app(SETTINGS).openapi()

    validate(description)
    operations = {
        (path, method): operation["operationId"]
        for path, methods in description["paths"].items()
        if path.startswith("/v1")
        for method, operation in methods.items()
    }
    assert operations == {
        ("/v1/counts", "get"): "get_counts",
        ("/v1/counts/dossiers", "get"): "get_counted_dossiers",
        ("/v1/through", "get"): "get_through",
        ("/v1/indicators", "get"): "list_indicators",
        ("/v1/indicators/{indicator}", "get"): "get_indicator",
        ("/v1/indicators/{indicator}/dossiers", "get"): "get_indicator_dossiers",
        ("/v1/indicators/{indicator}/services", "get"): "get_indicator_services",
        ("/v1/indicators/{indicator}/units", "get"): "get_indicator_units",
        ("/v1/online-levels", "get"): "get_online_levels",
        ("/v1/summaries/{unit_code}", "get"): "get_summary",
        ("/v1/targets", "get"): "get_targets",
        ("/v1/targets", "put"): "put_targets",
        ("/v1/targets/history", "get"): "list_target_sets",
        ("/v1/targets/verdicts", "get"): "get_verdicts",
    }


@pytest.mark.parametrize("path", ["/v1/counts", "/v1/indicators/{indicator}"])
def test_every_parameter_is_described(path: str) -> None:
    parameters = create_app(SETTINGS).openapi()["paths"][path]["get"]["parameters"]

    names = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
    assert names == {
        "period",
        "cutoff",
        "unit",
        "subtree",
        "level",
        "field",
        "procedure",
        "channel",
        "online_level",
        "as_of",
        "known_at",
        "basis",
        "map",
        "min_position",
        "group_by",
        "bom",
    }
    assert [one["name"] for one in parameters if one["in"] == "query" and "description" not in one] == []
