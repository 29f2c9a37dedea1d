"""RFC 9457 problem documents: every error body of every service comes from here."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.errors import DomainError, InvalidRequest
from shared.http.languages import Language, Text, language_of

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()


@dataclass(frozen=True)
class ProblemType:
    """What is fixed about one kind of problem; `detail` is filled with the facts of the case."""

    status: int
    title: Text
    detail: Text
    headers: Mapping[str, str] | None = None


class Problem(BaseModel):
    """A problem document; facts of the case follow as further members."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str


PROBLEM: dict[str, Any] = {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": "Problem document (RFC 9457)"}

STATUS_DETAILS: dict[int, Text] = {
    404: Text("Không có đường dẫn này; xem danh sách tại /openapi.json.", "No such path; see /openapi.json."),
    405: Text("Đường dẫn này không nhận phương thức đã gửi.", "This path does not take that method."),
    413: Text("Nội dung gửi quá lớn; hãy chia thành nhiều lần gửi.", "The body is too large; send it in parts."),
    415: Text("Kiểu nội dung không được hỗ trợ.", "The media type is not supported."),
    500: Text("Lỗi nội bộ; hãy gửi mã instance cho quản trị.", "Internal error; give the instance to the operator."),
}


def described(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document in which problems have their own media type only.

    The framework tells their schema under the media type of the good answer.
    """
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    for response in (response for operation in operations for response in operation["responses"].values()):
        content = response.get("content", {})
        if MEDIA_TYPE in content:
            response["content"] = {MEDIA_TYPE: next(filter(None, content.values()), {})}
    return document


class ProblemCatalogue:
    """Turns errors into problem documents by one table of types."""

    def __init__(self, types: Mapping[type[DomainError], ProblemType], base: str) -> None:
        self._types = types
        self._base = base.rstrip("/")

    def type_of(self, error: DomainError) -> ProblemType:
        """Return the problem type of an error; every error class stands in the table."""
        return self._types[type(error)]

    def document(self, error: DomainError, language: Language, instance: str | None = None) -> dict[str, Any]:
        """Return the problem document of one error."""
        kind = self.type_of(error)
        facts = jsonable_encoder(error.facts)
        members = {
            "type": f"{self._base}/{error.code}",
            "title": kind.title[language],
            "status": kind.status,
            "detail": kind.detail[language].format_map({**_in_words(facts), "message": str(error)}),
            "instance": instance or new_instance(),
        }
        # A fact never takes the place of a standard member, whatever it is called.
        return {**members, **facts, **members}

    def response(self, error: DomainError | HTTPException, request: Request) -> JSONResponse:
        """Return the whole answer to a request that met this error."""
        if isinstance(error, HTTPException):
            return _status_problem(request, error.status_code, dict(error.headers or {}))
        language = language_of(request)
        document = self.document(error, language, instance_of(request))
        headers = {"Content-Language": language.value, **(self.type_of(error).headers or {})}
        return JSONResponse(document, document["status"], headers, MEDIA_TYPE)

    def install(self, app: FastAPI) -> None:
        """Make every error of the app, expected or not, leave as a problem document."""

        async def on_told_error(request: Request, error: Exception) -> JSONResponse:
            assert isinstance(error, DomainError | HTTPException)  # noqa: S101 - registered for these classes only
            return self.response(error, request)

        async def on_unreadable(request: Request, error: Exception) -> JSONResponse:
            assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
            return self.response(InvalidRequest([_located(one) for one in error.errors()]), request)

        app.add_exception_handler(DomainError, on_told_error)
        app.add_exception_handler(HTTPException, on_told_error)
        app.add_exception_handler(RequestValidationError, on_unreadable)
        app.add_exception_handler(Exception, _on_crash)


def instance_of(request: Request) -> str:
    """Return the URN of this occurrence, the same for the answer and the log."""
    if not hasattr(request.state, "instance"):
        request.state.instance = new_instance()
    return str(request.state.instance)


def new_instance() -> str:
    """Return a fresh URN for one occurrence."""
    return f"urn:uuid:{uuid.uuid4()}"


async def _on_crash(request: Request, error: Exception) -> JSONResponse:
    log.error("request-crashed", instance=instance_of(request), path=request.url.path, exc_info=error)
    return _status_problem(request, 500, {})


def _status_problem(request: Request, status: int, headers: dict[str, str]) -> JSONResponse:
    """Return a problem that means no more than its status.

    Rule: RFC 9457 section 4.2.1, about:blank takes the status phrase as its title.
    """
    language = language_of(request)
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "instance": instance_of(request),
    }
    if status in STATUS_DETAILS:
        document["detail"] = STATUS_DETAILS[status][language]
    return JSONResponse(document, status, {"Content-Language": language.value, **headers}, MEDIA_TYPE)


def _in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts as a sentence has them: several values one after the other, not as a program writes a list."""
    return {name: ", ".join(map(str, fact)) if isinstance(fact, list) else fact for name, fact in facts.items()}


def _located(error: Mapping[str, Any]) -> dict[str, str]:
    """Name the place of one validation error: a JSON pointer in the body, or a parameter."""
    place, *path = error["loc"]
    if place == "body":
        # What is no JSON is located by its byte, which is no place in the document.
        steps = [] if error["type"] == "json_invalid" else path
        return {"detail": error["msg"], "pointer": "#" + "".join(f"/{_escaped(step)}" for step in steps)}
    return {"detail": error["msg"], "parameter": ".".join(map(str, path))}


def _escaped(step: str | int) -> str:
    """Write one step of a JSON pointer.  Rule: RFC 6901 section 3."""
    return str(step).replace("~", "~0").replace("/", "~1")
