"""The API keys a run needs: one for the operator, one for each service that asks another."""

from collections.abc import Mapping

import asyncpg
from dossier_api.usecases.issue_key import issue_key

from motcua.home import Secrets
from motcua.roles import Databases
from motcua.services import DOSSIER, INDICATOR, REPORT
from shared.clock import SystemClock
from shared.db import Begin, engine_from, transactions
from shared.http.access import Scope

ADMINISTRATOR = "administrator"
SCOPES: Mapping[str, list[Scope]] = {
    ADMINISTRATOR: list(Scope),
    INDICATOR.name: [Scope.DOSSIERS_READ],
    REPORT.name: [Scope.DOSSIERS_READ, Scope.FIGURES_READ],
}


async def ensure_keys(databases: Databases, kept: Secrets) -> Mapping[str, str]:
    """Return the run's keys by name, good for the whole tree; those this database does not know yet are issued."""
    keys = kept.keys.setdefault(await _identity(databases.of(DOSSIER)), {})
    missing = [name for name in SCOPES if name not in keys]
    if missing:
        async with engine_from(databases.of(DOSSIER)) as engine:
            begin = transactions(engine)
            for name in missing:
                keys[name] = await _issue(name, begin)
    return keys


async def _issue(name: str, begin: Begin) -> str:
    issued = await issue_key(name, None, scopes=SCOPES[name], expires_at=None, begin=begin, clock=SystemClock())
    return issued.key


async def _identity(url: str) -> str:
    """Return what tells this database from every other, even from one of its name made anew."""
    connection = await asyncpg.connect(url)
    try:
        return str(
            await connection.fetchval(
                "SELECT system_identifier || '/' || oid FROM pg_control_system(), pg_database"
                " WHERE datname = current_database()"
            )
        )
    finally:
        await connection.close()
