"""What a database is, and whether it is where our migrations end, told without loading them."""

import hashlib
from pathlib import Path

import asyncpg

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrations_digest() -> str:
    """Return a digest of every migration there is."""
    digest = hashlib.sha256()
    for path in sorted(MIGRATIONS.rglob("versions/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


async def identity_of(url: str) -> str:
    """Return what tells a database from every other, even from one of its name made anew."""
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
