"""The API keys a run needs: one for the operator, one for each service that asks another."""

from collections.abc import Mapping

from dossier_api.usecases.issue_key import issue_key
from motcua.services import INDICATOR, REPORT, RUN
from shared.clock import SystemClock
from shared.db import engine_from, transactions
from shared.http.access import Scope

SCOPES: Mapping[str, list[Scope]] = {
    RUN: list(Scope),
    INDICATOR.name: [Scope.DOSSIERS_READ],
    REPORT.name: [Scope.DOSSIERS_READ, Scope.FIGURES_READ],
}


async def issue_missing(keys: dict[str, str], database_url: str) -> None:
    """Add the run's keys that are missing, good for the whole tree and without an end."""
    async with engine_from(database_url) as engine:
        for name in SCOPES.keys() - keys.keys():
            issued = await issue_key(
                name, None, scopes=SCOPES[name], expires_at=None, begin=transactions(engine), clock=SystemClock()
            )
            keys[name] = issued.key
