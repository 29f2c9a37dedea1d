"""Migrate the schemas and issue the run's keys: `python -m motcua.provision`, called by a run that lacks either.

A process of its own: what it imports would otherwise stay in the runner's memory and in its starting time.
"""

from rich.console import Console

from motcua.administrator import prepared
from motcua.home import read_secrets, write_secrets
from motcua.identity import identity_of, migrations_digest
from motcua.keys import issue_missing
from motcua.schemas import migrate
from motcua.services import DOSSIER
from motcua.settings import RunSettings
from motcua.telling import do, read_settings


async def provision(settings: RunSettings, console: Console) -> None:
    """Bring the database to what the services expect, and keep note of it."""
    async with prepared(settings, console) as databases:
        await migrate(databases)
        kept = read_secrets(settings.home)
        known = kept.database(await identity_of(databases.of(DOSSIER)))
        await issue_missing(known.keys, databases.of(DOSSIER))
        known.migrations = migrations_digest()
        write_secrets(settings.home, kept)


if __name__ == "__main__":
    do(provision(read_settings(), Console()))
