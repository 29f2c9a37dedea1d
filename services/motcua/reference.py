"""Write the reference that is made from the code: the page of problem types and the OpenAPI documents.

`make reference` runs this; tests compare what is committed with what the code says now.
"""

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from dossier_api.app import create_app
from dossier_api.routes import problem_types as of_dossiers
from dossier_api.settings import Settings
from indicator_api.routes import problem_types as of_indicators
from motcua.services import DOSSIER, INDICATOR, REPORT, Service
from report_worker.routes import problem_types as of_reports
from shared.errors import DomainError
from shared.http.languages import Text
from shared.http.problems import STATUS_DETAILS, ProblemType
from shared.http.service import COMMON_PROBLEMS

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS_PAGE = ROOT / "docs" / "problems.md"
OPENAPI = ROOT / "tests" / "contracts" / "openapi" / "dossier_api.json"
NO_DATABASE = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"
Types = Mapping[type[DomainError], ProblemType]

TYPES: dict[Service, Types] = {
    DOSSIER: of_dossiers.PROBLEM_TYPES,
    INDICATOR: of_indicators.PROBLEM_TYPES,
    REPORT: of_reports.PROBLEM_TYPES,
}
INTRODUCTION = """# Problem types

Every error is an `application/problem+json` document (RFC 9457). `type` ends in one of the codes below and never
changes its meaning: branch on it, never on the texts. `title` and `detail` are Vietnamese or English by
`Accept-Language`; `instance` names this one occurrence in the logs. The facts of the case, shown in braces below,
follow as members of their own.

This page is made from the code by `make reference`.
"""
BARE = """## about:blank

What means no more than its status has the type `about:blank` and the status phrase as its title.
"""


def problems_page() -> str:
    """Return the page of all problem types: the common ones first, then each service's own, by code."""
    sections = [INTRODUCTION, "## All services\n", *_entries(COMMON_PROBLEMS)]
    for service, types in TYPES.items():
        sections += [f"## {service.name}\n", *_entries(types)]
    return "\n".join([*sections, BARE, *(_line(str(status), text) for status, text in STATUS_DETAILS.items())]) + "\n"


def openapi_document() -> str:
    """Return dossier_api's OpenAPI document as it is committed."""
    app = create_app(Settings.model_validate({"database_url": NO_DATABASE}))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2) + "\n"


def write() -> None:
    """Write everything anew."""
    PROBLEMS_PAGE.write_text(problems_page(), encoding="utf-8")
    OPENAPI.write_text(openapi_document(), encoding="utf-8")


def _entries(types: Types) -> Iterator[str]:
    for error, kind in sorted(types.items(), key=lambda entry: entry[0].code):
        meaning = " ".join((inspect.getdoc(error) or "").split("\n\n")[0].split())
        yield f"### {error.code}\n\n**{kind.status}** · {kind.title.vi} · {kind.title.en}\n\n{meaning}\n"
        yield _line("", kind.detail)


def _line(name: str, text: Text) -> str:
    return f"- {name}{': ' if name else ''}{text.vi}\n- {name}{': ' if name else ''}{text.en}\n"


if __name__ == "__main__":
    write()
