"""What dossier_api publishes of itself is valid, complete, and changes only on purpose."""

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from motcua import reference

DOCUMENT: dict[str, Any] = json.loads(reference.openapi_document())
OPERATIONS = [
    pytest.param(operation, id=f"{method} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_it_is_valid() -> None:
    validate(DOCUMENT)


def test_it_is_the_one_committed() -> None:
    assert json.loads(reference.OPENAPI.read_text(encoding="utf-8")) == DOCUMENT, "run `make reference`"


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.split("_")[0] in {"get", "list", "post", "put", "delete"} for name in names)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_refusal_is_a_problem_document(operation: dict[str, Any]) -> None:
    refusals = {status: told["content"] for status, told in operation["responses"].items() if int(status) >= 400}

    assert {"401", "403", "422", "500"} <= refusals.keys()
    assert all(content == PROBLEM for content in refusals.values())


def test_the_feed_is_told_as_a_batch_of_cloud_events() -> None:
    answer = DOCUMENT["paths"]["/v1/feed"]["get"]["responses"]["200"]

    assert list(answer["content"]) == ["application/cloudevents-batch+json"]
