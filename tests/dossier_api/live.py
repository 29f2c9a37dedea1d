"""dossier_api in a process of its own, as an operator runs it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def running(dossier_url: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run uvicorn as an operator would; yield the process and its address."""
    command = [sys.executable, "-m", "uvicorn", "dossier_api.app:create_app", "--factory", "--port", "0"]
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, "DOSSIER_DATABASE_URL": dossier_url}, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        async for line in process.stderr:
            if b"running on http://" in line:
                yield process, line.decode().split("running on ")[1].split()[0]
                break
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
