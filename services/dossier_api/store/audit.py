"""Who changed what of the catalogue, the calendar and the keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.store.tables import audit


@dataclass(frozen=True)
class AuditRow:
    """One change; `before` and `after` are JSON values, None for nothing."""

    at: datetime
    key_id: str
    action: str
    subject: str
    before: Any
    after: Any


async def add(session: AsyncSession, rows: Sequence[AuditRow]) -> None:
    """Append rows."""
    if rows:
        await session.execute(insert(audit), [vars(row) for row in rows])
