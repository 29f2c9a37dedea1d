"""The folder that holds everything a run leaves behind: MOTCUA_HOME."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from motcua.errors import OperatorError

PRIVATE = 0o600
PASSWORD_BYTES = 24


class HomeInUse(OperatorError):
    """Another run holds the folder; two servers on one data directory would ruin it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use by another `motcua run`; stop it, or choose another MOTCUA_HOME")
        self.path = path


@dataclass(frozen=True)
class Home:
    """Where each thing lies below MOTCUA_HOME."""

    path: Path

    @property
    def data(self) -> Path:
        """Return the data directory of the embedded PostgreSQL."""
        return self.path / "postgres"

    @property
    def logs(self) -> Path:
        """Return the folder of one log file a program."""
        return self.path / "logs"

    @property
    def run_file(self) -> Path:
        """Return the file that says where a running system answers.  Rule: contract section 8."""
        return self.path / "run.json"

    @property
    def secrets_file(self) -> Path:
        """Return the file of passwords and keys, readable by its owner only."""
        return self.path / "secrets.json"

    def running(self) -> dict[str, str]:
        """Return where each service of this home's run answers, and its `admin_key`; nothing while no run is on."""
        try:
            told: dict[str, str] = json.loads(self.run_file.read_text())
        except FileNotFoundError:
            return {}
        return told

    def log_of(self, program: str) -> Path:
        """Return the log file of one program."""
        return self.logs / f"{program}.log"

    def create(self) -> None:
        """Make the folders, closed to other users: logs and data may name units and staff."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one run; the lock ends with the process, however it ends.

        Raises HomeInUse.
        """
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise HomeInUse(self.path) from error
            yield


@dataclass
class KnownDatabase:
    """What we did in one database: the keys issued there by name, the migrations run, the sample loaded."""

    keys: dict[str, str] = field(default_factory=dict)
    migrations: str | None = None
    sample: str | None = None


@dataclass
class Secrets:
    """Passwords of the database roles, and what we know of each database, by its identity."""

    passwords: dict[str, str] = field(default_factory=dict)
    databases: dict[str, KnownDatabase] = field(default_factory=dict)

    def password_of(self, role: str) -> str:
        """Return the role's password; a new role gets a random one."""
        return self.passwords.setdefault(role, secrets.token_urlsafe(PASSWORD_BYTES))

    def database(self, identity: str) -> KnownDatabase:
        """Return what is known of a database; of a new one, nothing."""
        return self.databases.setdefault(identity, KnownDatabase())


def read_secrets(home: Home) -> Secrets:
    """Read the secrets kept in a home; a new home has none."""
    if not home.secrets_file.exists():
        return Secrets()
    kept = json.loads(home.secrets_file.read_text())
    known = {identity: KnownDatabase(**database) for identity, database in kept["databases"].items()}
    return Secrets(kept["passwords"], known)


def write_secrets(home: Home, kept: Secrets) -> None:
    """Keep the secrets for the next run."""
    write_private(home.secrets_file, asdict(kept))


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that only its owner may read; a reader sees the old file or the new, never half of one."""
    draft = path.with_suffix(".draft")
    write_private_text(draft, json.dumps(content, indent=2) + "\n")
    draft.replace(path)


def write_private_text(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
