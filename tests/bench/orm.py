"""The same rows through an object-relational mapper, row by row: what most would write first."""

from time import perf_counter
from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.orm import registry

from dossier_api.store.tables import dossiers, events
from shared.db import engine_from, transactions
from tests.bench.system import System

ROWS = 1_000
_METADATA = MetaData(schema="bench")
_events, _dossiers = (table.to_metadata(_METADATA, schema="bench") for table in (events, dossiers))


class _Event:
    """A row of the log."""


class _Dossier:
    """A row of the dossiers."""


_mapping = registry()
_mapping.map_imperatively(_Event, _events)
_mapping.map_imperatively(_Dossier, _dossiers)


async def rate(system: System, turn: int) -> float:
    """Return the rows of the log a second, each with its dossier's, in one transaction of a thousand."""
    logged = await _rows(system, "SELECT * FROM bench.sample ORDER BY n", turn)
    states = await _rows(system, "SELECT * FROM dossier.dossiers", turn)
    dossier_of = {row["code"]: row for row in states}
    async with engine_from(system.administrator_url) as engine, transactions(engine)() as session:
        began = perf_counter()
        for place, row in enumerate(logged):
            del row["n"]
            session.add(_of(_Event, row | {"position": (turn + 1) * 100_000_000 + place}))
            await session.merge(_of(_Dossier, dossier_of[row["subject"]]))
            await session.flush()
        await session.commit()
        return len(logged) / (perf_counter() - began)


async def _rows(system: System, statement: str, turn: int) -> list[dict[str, Any]]:
    """Return rows under names of their own, so that each turn writes new ones."""
    async with engine_from(system.administrator_url) as engine, transactions(engine)() as session:
        rows = [dict(row) for row in (await session.execute(text(statement))).mappings()]
    renamed = {"id", "subject", "code"}
    return [{name: f"{value}-orm{turn}" if name in renamed else value for name, value in row.items()} for row in rows]


def _of(kind: type, row: dict[str, Any]) -> object:
    made = kind()
    for name, value in row.items():
        setattr(made, name, value)
    return made
