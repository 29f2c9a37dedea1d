"""Comparing a problem document as a whole."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx

BASE = "https://motcua.vn/problems"
UNFILLED = re.compile(r"\{[a-z_!:]*\}")
INSTANCE = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def assert_problem(response: httpx.Response, status: int, code: str, **facts: Any) -> None:
    """Compare an answer with the problem it must be: status, media type, every member."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    assert response.status_code == status, response.text
    assert_document(response.json(), status, code, **facts)


def assert_document(document: Mapping[str, Any], status: int, code: str, **facts: Any) -> None:
    """Compare a problem document with what it must say; its texts need only be whole sentences."""
    texts = {"title": document.get("title"), "detail": document.get("detail")}
    instance = document.get("instance", "")
    assert INSTANCE.fullmatch(instance), document
    assert all(text and not UNFILLED.search(text) for text in texts.values()), document
    assert document == {"type": f"{BASE}/{code}", **texts, "status": status, "instance": instance, **facts}


def assert_bare_problem(response: httpx.Response, status: int) -> None:
    """Compare an answer with a problem that means no more than its status."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    document = response.json()
    assert INSTANCE.fullmatch(document.pop("instance", "")), document
    document.pop("detail", None)
    bare = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    assert (response.status_code, document) == (status, bare)
