"""The trail of who changed what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.store.tables import audit


async def add(
    session: AsyncSession,
    action: str,
    subject: str,
    *,
    by: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down an action with the transaction that does it; `by` is the id of the key."""
    values = {"at": at, "key_id": by, "action": action, "subject": subject, "details": details and dict(details)}
    await session.execute(insert(audit).values(values))
