"""Rules of the house a linter does not know."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from dossier_api.settings import Settings as DossierSettings
from indicator_api.settings import Settings as IndicatorSettings
from motcua.services import DOSSIER, INDICATOR, REPORT, Service
from report_worker.settings import Settings as ReportSettings

ROOT = Path(__file__).parents[2]
COMMITS = re.compile(r"\.commit\(|(?<!def )\bCOMMIT\b")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "misc", "core"}
LONGEST_MODULE = 400


def sources(pattern: str) -> Iterator[Path]:
    """Return the files of the packages."""
    for folder in ("services", "shared", "migrations"):
        yield from (path for path in (ROOT / folder).rglob(pattern) if "__pycache__" not in path.parts)


def test_only_the_transaction_block_commits() -> None:
    # Migrations end their own set-up transaction before alembic begins one.
    allowed = {ROOT / "shared/db.py", ROOT / "migrations/env.py"}

    committing = {path for path in sources("*.py") if COMMITS.search(path.read_text())}

    assert committing - allowed == set()


def test_every_sql_file_begins_with_a_comment() -> None:
    headless = [path for path in sources("*.sql") if not path.read_text().startswith("-- ")]

    assert headless == []


def test_modules_are_named_by_what_they_are_about() -> None:
    assert [path for path in sources("*.py") if path.stem in FORBIDDEN_NAMES] == []


def test_modules_can_be_read_in_one_sitting() -> None:
    too_long = [path for path in sources("*.py") if len(path.read_text().splitlines()) > LONGEST_MODULE]

    assert too_long == []


def test_no_dependency_of_a_route_costs_a_thread() -> None:
    # FastAPI hands one that is not `async def` to a worker thread: half the time of a small request.
    plain = re.compile(r"Depends\((\w+)\)")
    texts = [path.read_text() for path in sources("*.py")]
    named = {name for text in texts for name in plain.findall(text)}
    waited_for = {name for text in texts for name in re.findall(r"async def (\w+)\(", text)}

    assert named
    assert named - waited_for == set()


@pytest.mark.parametrize(
    ("service", "settings"),
    [(DOSSIER, DossierSettings), (INDICATOR, IndicatorSettings), (REPORT, ReportSettings)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_setting_has_its_commented_example(service: Service, settings: type[BaseSettings]) -> None:
    lines = (ROOT / "deploy" / "env" / f"{service.name}.env").read_text().splitlines()
    examples = {line.lstrip("#").partition("=")[0]: number for number, line in enumerate(lines) if "=" in line}

    assert set(examples) == {service.setting(field) for field in settings.model_fields}
    for name, number in examples.items():
        assert lines[number - 1].startswith("# "), f"{name} is not explained"
