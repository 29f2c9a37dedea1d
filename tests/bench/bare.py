"""A bare FastAPI route that answers the bytes of a file: the floor of every answer."""

import os
from pathlib import Path

from fastapi import FastAPI, Response


def create_app() -> FastAPI:
    """Build the app."""
    app = FastAPI()
    content = Path(os.environ["BARE_CONTENT"]).read_bytes()

    @app.get("/v1/bare")
    async def get_bare() -> Response:
        return Response(content, media_type="application/json")

    return app
