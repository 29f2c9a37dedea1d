"""Each service's description is enough to make a client of it, and every answer is as described."""

from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from tests.e2e.conftest import System
from tests.e2e.described_client import Operation, Values, operations, strict
from tests.e2e.system import Run, get

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SERVICES = ("dossier_api", "indicator_api", "report_worker")
METHODS = frozenset({"get", "put", "post", "patch", "delete"})


async def description(run: Run, service: str) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{run.addresses[service]}/openapi.json")
    spec: dict[str, Any] = answer.json()
    return spec


async def values_in(run: Run) -> Values:
    """Return what a reader of the documentation would try: things that exist, and days of the half-year."""
    dossiers = (await get(run, "dossier_api", "/v1/dossiers", limit=3))["items"]
    procedures = (await get(run, "dossier_api", "/v1/procedures", limit=2))["items"]
    reports = (await get(run, "report_worker", "/v1/reports"))["items"]
    indicators = (await get(run, "indicator_api", "/v1/indicators"))["items"]
    codes = [one["code"] for one in dossiers]
    return {
        "period": ["2020-Q1", "2020", "2020-02", "2019-12-15/2020-06-15"],
        "unit": ["H35.12"],
        "field": ["Hộ tịch"],
        "procedure": [procedures[0]["code"]],
        "online_level": ["4", "nd43:3"],
        "year": [2020, 2026],
        "form": ["cchc", "II.06a"],
        "version": [1],
        "indicator": [one["id"] for one in indicators],
        "report_id": [one["id"] for one in reports],
        "file_format": ["json", "xlsx", "docx", "pdf"],
        "timeout": [0],
        "cursor": [""],
        "as_of": ["2020-02-15"],
        "due_before": ["2020-03-31"],
        "overdue_on": ["2020-03-31"],
        "known_at": ["2100-01-01"],
        "since_known_at": ["2100-01-01"],
        "get_dossier.code": codes,
        "get_dossier_clock.code": codes,
        "list_dossier_events.code": codes,
        "get_procedure.code": [one["code"] for one in procedures],
        "get_form.code": ["cchc", "II.06a"],
        "code": ["H35", "H35.12", "H35.12.15"],
        # None exist: the answer that there is none is described too.
        "run_id": ["none"],
        "schedule_id": ["018f3a00-0000-7000-8000-000000000000"],
    }


async def complaints_of(client: httpx.AsyncClient, operation: Operation, calls: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for call in calls:
        path, query = operation.url(call)
        found += operation.complaints(await client.get(path, params=query))
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_the_description_is_valid_and_names_every_operation_once(system: System, service: str) -> None:
    spec = await description(system.run, service)

    validate(spec)

    described = [
        operation
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if method in METHODS and path.startswith("/v1")
    ]
    ids = [operation["operationId"] for operation in described]
    assert len(set(ids)) == len(ids)
    # FastAPI's own ids repeat path and method; ours are names a client can bear.
    assert [name for name in ids if "_v1_" in name] == []
    assert [one["operationId"] for one in described if not one.get("security")] == []


@pytest.mark.parametrize("service", SERVICES)
async def test_every_answer_is_as_described(system: System, service: str) -> None:
    spec = strict(await description(system.run, service))
    values = await values_in(system.run)

    async with system.run.client(service) as client:
        complaints = [
            complaint
            for operation in operations(spec, values)
            for complaint in await complaints_of(client, operation, list(operation.calls()))
        ]

    assert complaints == []


@pytest.mark.parametrize("service", SERVICES)
async def test_every_refusal_is_as_described(system: System, service: str) -> None:
    spec = await description(system.run, service)
    values = await values_in(system.run)
    complaints: list[str] = []

    async with system.run.client(service) as client, httpx.AsyncClient(base_url=client.base_url) as stranger:
        for operation in operations(spec, values):
            complaints += await complaints_of(client, operation, list(operation.wrong_calls()))
            complaints += await complaints_of(stranger, operation, list(operation.calls())[:1])

    assert complaints == []
