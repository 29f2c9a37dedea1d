"""Each import contract of pyproject.toml is red when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("dossier_api", "indicator_api", "report_worker", "motcua")

BREACHES = [
    pytest.param("dossier_api/breach.py", "import indicator_api", "independence", id="a service imports another"),
    pytest.param("shared/breach.py", "import dossier_api", "order", id="shared imports a service"),
    pytest.param("dossier_api/breach.py", "import motcua", "order", id="a service imports the operator's tool"),
    pytest.param("dossier_api/store/breach.py", "import dossier_api.usecases", "rooms", id="store imports a use case"),
    pytest.param("indicator_api/usecases/breach.py", "import indicator_api.routes", "rooms", id="use case to route"),
    pytest.param("report_worker/domain/breach.py", "import report_worker.render", "rooms", id="domain to render"),
    pytest.param("report_worker/clients/breach.py", "import report_worker.store", "rooms", id="client to store"),
    pytest.param("dossier_api/routes/breach.py", "import dossier_api.store", "routes", id="route to store"),
    pytest.param("indicator_api/routes/breach.py", "import sqlalchemy", "routes", id="route to sqlalchemy"),
    *(
        pytest.param("dossier_api/domain/breach.py", f"import {name}", "domain", id=f"domain to {name}")
        for name in ("sqlalchemy", "asyncpg", "fastapi", "starlette", "httpx", "pydantic", "asyncio", "os")
    ),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the packages, each below one folder, with the contracts."""
    folder = tmp_path_factory.mktemp("copy")
    sources = [ROOT / "services" / package for package in PACKAGES]
    for source in (*sources, ROOT / "shared"):
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the copy: first on the path, so that the installed packages are not looked at."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()"
    only = ("--contract", contract) if contract else ()
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", *only], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_code_keeps_every_contract(copy: Path) -> None:
    result = lint(copy)

    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(("file", "statement", "contract"), BREACHES)
def test_a_breach_is_red(copy: Path, file: str, statement: str, contract: str) -> None:
    breach = copy / file
    breach.parent.mkdir(exist_ok=True)
    breach.write_text(f"{statement}\n")
    try:
        result = lint(copy, contract)
    finally:
        breach.unlink()

    assert result.returncode == 1, result.stdout + result.stderr
    assert "1 broken" in result.stdout


def test_the_folder_services_is_no_package_to_import(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "breach.py").write_text('"""A breach."""\n\nimport services.dossier_api\n')

    result = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "TID251" in result.stdout
