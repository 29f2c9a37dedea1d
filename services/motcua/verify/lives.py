"""The newest life of every dossier and the units, read from the feed.

The lives lie in a temporary file: a province has millions of them.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import httpx
import msgspec
import stamina

from motcua.errors import OperatorError
from shared.contracts.feed import EVENT_TYPE_PREFIX, UNIT_TYPE, DossierDataV1, FeedItemV1, UnitV1
from shared.contracts.life import LifeV1
from shared.http.client import UpstreamUnavailable, get

PAGE = 5000
ATTEMPTS = 20
PATIENCE_S = 60.0
Told = Callable[[LifeV1, int], None]


class Refused(OperatorError):
    """A service does not answer what the verification asks."""

    def __init__(self, service: str, path: str, answer: httpx.Response) -> None:
        super().__init__(f"{service} answers {answer.status_code} to GET {path}: {answer.text}")
        self.service, self.path = service, path


_page = msgspec.json.Decoder(list[FeedItemV1])
_dossier_data = msgspec.json.Decoder(DossierDataV1)
_unit = msgspec.json.Decoder(UnitV1)
_life = msgspec.json.Decoder(LifeV1)


class Lives:
    """The newest life of each dossier, in a file without a name that ends with us."""

    def __init__(self) -> None:
        # An empty name is a private file on disk, of which sqlite keeps a little in memory.
        self._file = sqlite3.connect("")
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("CREATE TABLE lives (code TEXT PRIMARY KEY, life BLOB) WITHOUT ROWID")

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM lives").fetchone()[0])

    def __iter__(self) -> Iterator[LifeV1]:
        for (life,) in self._file.execute("SELECT life FROM lives"):
            yield _life.decode(life)

    def find(self, code: str) -> LifeV1 | None:
        """Return a dossier's life as last put."""
        row = self._file.execute("SELECT life FROM lives WHERE code = ?", (code,)).fetchone()
        return _life.decode(row[0]) if row else None

    def put(self, lives: dict[str, bytes]) -> None:
        """Keep each life in the place of its dossier's older one."""
        with self._file:
            self._file.executemany("INSERT OR REPLACE INTO lives VALUES (?, ?)", lives.items())


@dataclass
class Dossiers:
    """Everything the feed has told up to a position."""

    client: httpx.AsyncClient
    lives: Lives = field(default_factory=Lives)
    units: dict[str, UnitV1] = field(default_factory=dict)
    position: int = 0

    async def read_all(self, on_read: Callable[[int], None]) -> None:
        """Read to the feed's end; `on_read` is told each position reached.

        Raises Refused, UpstreamUnavailable.
        """
        while page := await self._next_page():
            self._take(page)
            on_read(self.position)
            if len(page) < PAGE:
                return

    async def read_until(self, position: int, told: Told) -> None:
        """Read on; `told` hears of each life that goes (-1) and of each that comes (1).

        Raises Refused, UpstreamUnavailable.
        """
        while self.position < position and (page := await self._next_page()):
            due = [item for item in page if item.position <= position]
            for code, life in _lives_in(due).items():
                if (old := self.lives.find(code)) is not None:
                    told(old, -1)
                told(_life.decode(life), 1)
            self._take(due)
            # Positions have gaps: what was asked for may be none.
            if len(due) < len(page):
                self.position = position

    def _take(self, page: Sequence[FeedItemV1]) -> None:
        self.lives.put(_lives_in(page))
        self.units |= {item.subject: _unit.decode(item.data) for item in page if item.type == UNIT_TYPE}
        self.position = max(self.position, *(item.position for item in page[-1:]))

    async def _next_page(self) -> list[FeedItemV1]:
        params: dict[str, str | int] = {"after": self.position, "limit": PAGE, "include": "life"}
        answer = await ask(self.client, "/v1/feed", service="dossier_api", params=params)
        return _page.decode(answer.content)


def _lives_in(page: Sequence[FeedItemV1]) -> dict[str, bytes]:
    """Return the last life of each dossier on a page."""
    return {
        item.subject: bytes(_dossier_data.decode(item.data).life)
        for item in page
        if item.type.startswith(EVENT_TYPE_PREFIX)
    }


@stamina.retry(on=UpstreamUnavailable, attempts=ATTEMPTS, timeout=PATIENCE_S, wait_initial=0.1, wait_max=3.0)
async def ask(
    client: httpx.AsyncClient, path: str, *, service: str, params: dict[str, str | int] | None = None
) -> httpx.Response:
    """Return a successful answer; a service that is away for a moment is asked again.

    Raises Refused, UpstreamUnavailable.
    """
    answer = await get(client, path, service=service, params=params)
    if not answer.is_success:
        raise Refused(service, path, answer)
    return answer
