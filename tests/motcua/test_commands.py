"""The operator's commands, on a home of their own without a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from motcua.commands import app
from motcua.services import SERVICES


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTCUA_HOME", str(folder))
        patch.delenv("DATABASE_URL", raising=False)
        yield folder


def motcua(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def line_of(listing: str, key_id: str) -> list[str]:
    return next(line for line in listing.splitlines() if line.startswith(key_id)).split("\t")


def test_a_second_migration_finds_nothing_to_do(home: Path) -> None:
    motcua("migrate")

    again = motcua("migrate")

    assert again.stdout == "Every schema is at its newest revision.\n"


def test_a_key_is_printed_once_listed_without_its_secret_and_revoked(home: Path) -> None:
    motcua("migrate")
    issued = motcua("keys", "issue", "--name", "statistics", "--scope", "figures:read", "--unit", "H35.12")
    _, environment, key_id, secret = issued.stdout.strip().split("_")
    assert environment == "prod"

    before = motcua("keys", "list").stdout
    revoked = motcua("keys", "revoke", key_id)

    after = motcua("keys", "list").stdout
    assert line_of(before, key_id)[1:4] == ["statistics", "H35.12", "figures:read"]
    assert line_of(before, key_id)[5:] == ["-", "-"]
    assert line_of(after, key_id)[6] != "-"
    assert secret not in before
    assert revoked.stdout == f"{key_id} is revoked.\n"


def test_an_unknown_key_cannot_be_revoked(home: Path) -> None:
    motcua("migrate")

    result = motcua("keys", "revoke", "0000")

    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_the_urls_go_into_the_services_environment(home: Path) -> None:
    lines = motcua("urls").stdout.splitlines()

    assert [line.partition("=postgresql://")[0] for line in lines] == [
        service.setting("database_url") for service in SERVICES
    ]


def test_the_sql_for_a_dba_needs_no_server(home: Path) -> None:
    printed = motcua("prepare", "--print-sql").stdout

    assert all(f"CREATE SCHEMA IF NOT EXISTS {service.schema}" in printed for service in SERVICES)


def test_without_a_run_there_is_no_server_to_name(home: Path) -> None:
    assert motcua("database-url").exit_code == 1
