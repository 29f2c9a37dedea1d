"""Which shape of a table a reader asks for by `Accept`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.errors import DomainError
from shared.http.languages import Language, language_of
from shared.http.problems import PROBLEM


class Format(StrEnum):
    """The shapes a table comes in, by media type, the first for whoever takes anything.

    JSON-stat has no media type in IANA's register; this is the one its readers use.
    """

    JSON = "application/json"
    CSV = "text/csv"
    JSON_STAT = "application/vnd.json-stat+json"


class NotAcceptable(DomainError):
    """The reader takes none of the shapes there are."""

    code = "not-acceptable"

    def __init__(self) -> None:
        self.offered = [one.value for one in Format]
        super().__init__(f"none of {', '.join(self.offered)} is accepted")


def format_of(accept: str) -> Format:
    """Return the shape an Accept header likes best; of equals the one named first.  Raises NotAcceptable."""
    best, best_weight = None, 0.0
    for choice in accept.split(","):
        media_range, *parameters = (part.strip().lower() for part in choice.split(";"))
        found = next((one for one in Format if _matches(one, media_range, parameters)), None)
        weight = _weight(parameters)
        if found is not None and weight > best_weight:
            best, best_weight = found, weight
    if best is None:
        raise NotAcceptable
    return best


def _matches(offered: Format, media_range: str, parameters: list[str]) -> bool:
    if any(one.startswith("profile=") and "json-stat" in one for one in parameters):
        return offered is Format.JSON_STAT
    kind, _, _ = offered.partition("/")
    return media_range in {offered.value, f"{kind}/*", "*/*"}


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter.removeprefix("q="))
            except ValueError:
                return 0.0
    return 1.0


SHAPES: dict[int | str, dict[str, Any]] = {
    200: {"content": {one.value: {} for one in Format if one is not Format.JSON}},
    406: PROBLEM,
}


@dataclass(frozen=True)
class Rendering:
    """How a reader wants a table: in which shape, its headings in which language."""

    shape: Format
    language: Language


async def _rendering(request: Request) -> Rendering:
    return Rendering(format_of(request.headers.get("accept") or "*/*"), language_of(request))


RenderingDep = Annotated[Rendering, Depends(_rendering)]
