"""Events in: over HTTP against the leanest SQL that stores the same rows."""

import zlib
from collections.abc import Iterator
from itertools import islice

import msgspec
from sqlalchemy.dialects import postgresql

from dossier_api.store.tables import dossiers, events
from motcua.services import DOSSIER
from tests.bench import orm
from tests.bench.lanes import Lane, rate
from tests.bench.measuring import Case, Judged, Result, alternating, judged
from tests.bench.province import PostedEvent, Stream, catalogue
from tests.bench.system import System, pgbench

BATCH = "application/cloudevents-batch+json"
ONE = "application/cloudevents+json"
# A week of the province, so that what is measured is its everyday mix and not its first morning.
WARM_UP = 16_000
FLOOR_TABLES = """
    CREATE SCHEMA bench;
    CREATE TABLE bench.events (LIKE dossier.events INCLUDING ALL);
    CREATE TABLE bench.dossiers (LIKE dossier.dossiers INCLUDING ALL);
    INSERT INTO bench.events SELECT * FROM dossier.events;
    INSERT INTO bench.dossiers SELECT * FROM dossier.dossiers;
    CREATE SEQUENCE bench.batches START 1000000;
    CREATE TABLE bench.sample AS
        SELECT row_number() OVER (ORDER BY position DESC) AS n, * FROM dossier.events
        WHERE unit_code IS NOT NULL ORDER BY position DESC LIMIT 1000;
    VACUUM ANALYZE bench.events, bench.dossiers;
"""
POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]
EVENT_TYPES = {column.name: column.type.compile(POSTGRESQL) for column in events.columns}
DOSSIER_TYPES = {column.name: column.type.compile(POSTGRESQL) for column in dossiers.columns}
# What is made anew for each batch; all else travels as it was stored.
TURNED = {
    "position": "number * 1000 + ordinality",
    "id": "id || '-' || number",
    "subject": "subject || turn",
    "recorded_at": "now()",
    "code": "code || turn",
}


def _gathered(rows: str, types: dict[str, str], letter: str) -> str:
    """Return the statement that takes the columns of rows into variables, as arrays."""
    arrays = ", ".join(f"array_agg({name})::text AS {letter}_{name}" for name in types)
    return f"SELECT {arrays} FROM {rows} \\gset"


def _spread(types: dict[str, str], letter: str) -> str:
    """Return the arrays as rows again."""
    arrays = ", ".join(f":{letter}_{name}::{of}[]" for name, of in types.items())
    return f"unnest({arrays}) WITH ORDINALITY AS {letter} ({', '.join(types)}, ordinality)"


def _columns(types: dict[str, str], made: dict[str, str]) -> str:
    return ", ".join(made.get(name, name) for name in types)


TOUCHED = "SELECT subject FROM bench.sample WHERE n BETWEEN :first::int AND :last::int"
# Each client takes its arrays once and sends them with every batch, as a counter's office would. Each dossier
# comes three times from one client, as it does in life: one event makes it, two change it.
FLOOR = f"""
\\if :begun
\\else
\\set begun 1
\\set first random(1, 1001 - :size)
\\set last :first + :size - 1
{_gathered("bench.sample WHERE n BETWEEN :first::int AND :last::int", EVENT_TYPES, "e")}
{_gathered(f"dossier.dossiers WHERE code IN ({TOUCHED})", DOSSIER_TYPES, "d")}
\\endif
WITH batch AS MATERIALIZED (
    SELECT number, '-' || :client_id::text || '-' || number / :turn::int AS turn
    FROM nextval('bench.batches') AS number
), written AS (
    INSERT INTO bench.events ({", ".join(EVENT_TYPES)})
    SELECT {_columns(EVENT_TYPES, TURNED)} FROM {_spread(EVENT_TYPES, "e")}, batch
)
INSERT INTO bench.dossiers AS kept ({", ".join(DOSSIER_TYPES)})
SELECT {_columns(DOSSIER_TYPES, TURNED)} FROM {_spread(DOSSIER_TYPES, "d")}, batch
ON CONFLICT (code) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in DOSSIER_TYPES if name != "code")};
"""


class Counters:
    """The counters of the province: what they post next, dealt out so that a dossier stays on one lane."""

    def __init__(self) -> None:
        self._events = Stream(20260101, "000").events()

    def dealt(self, lanes: int, number: int) -> list[list[PostedEvent]]:
        """Return the next events, dealt to lanes by dossier."""
        dealt: list[list[PostedEvent]] = [[] for _ in range(lanes)]
        for event in islice(self._events, number):
            dealt[zlib.crc32(event.subject.encode()) % lanes].append(event)
        return dealt


def _batches(posted: list[PostedEvent], size: int) -> Iterator[list[PostedEvent]]:
    return (posted[start : start + size] for start in range(0, len(posted), size))


def _requests(lane: Lane, posted: list[PostedEvent], size: int) -> list[bytes]:
    if size == 1:
        return [lane.request("POST", "/v1/events", msgspec.json.encode(one), Content_Type=ONE) for one in posted]
    return [
        lane.request("POST", "/v1/events", msgspec.json.encode(batch), Content_Type=BATCH)
        for batch in _batches(posted, size)
    ]


async def tell_catalogue(system: System) -> None:
    """Tell the province's units and procedures."""
    async with system.lanes(DOSSIER, 1) as [lane]:
        body = msgspec.json.encode(catalogue())
        status, answer = await lane.send(lane.request("POST", "/v1/catalogue", body, Content_Type="application/json"))
        if status != 200:
            raise RuntimeError(answer[:600])


async def post(system: System, counters: Counters, *, clients: int, size: int, number: int) -> float:
    """Post events and return how many were taken a second."""
    dealt = counters.dealt(clients, number)
    async with system.lanes(DOSSIER, clients) as lanes:
        requests = [_requests(lane, own, size) for lane, own in zip(lanes, dealt, strict=True)]
        sent = await rate(lanes, requests)
    return sent * number / sum(len(own) for own in requests)


async def make_floor(system: System, counters: Counters) -> None:
    """Make the floor's tables like the service's, from what it stores."""
    await post(system, counters, clients=4, size=1000, number=WARM_UP)
    async with system.administrator() as connection:
        for statement in FLOOR_TABLES.split(";"):
            if statement.strip():
                await connection.execute(statement)


CASES = [
    (Case("ingest_batch_1000", "events/s", Judged.RATE, 0.60), 4, 1000),
    (Case("ingest_batch_100", "events/s", Judged.RATE, 0.55), 4, 100),
    (Case("ingest_single_16", "events/s", Judged.RATE, 1.5), 16, 1),
    (Case("ingest_single_1", "events/s", Judged.RATE, 0.35), 1, 1),
]
VERSUS_ORM, BY_THE_THOUSAND = Case("ingest_vs_orm", "events/s", Judged.RATE, 20), 1000
# Events a repetition, by batch size and clients: some seconds each.
FLOOR_S = 2
EVENTS = {(4, 1000): 8_000, (4, 100): 4_000, (16, 1): 1_920, (1, 1): 300}


async def bench(system: System, counters: Counters, *, repetitions: int, scale: int) -> list[Result]:
    """Return the four cases of ingest."""
    results = []
    for case, clients, size in CASES:
        number = EVENTS[clients, size] * scale

        async def ours(clients: int = clients, size: int = size, number: int = number) -> float:
            return await post(system, counters, clients=clients, size=size, number=number)

        async def floor(clients: int = clients, size: int = size, number: int = number) -> float:
            turn = 3 * clients
            return size * await pgbench(system, FLOOR, clients=clients, seconds=FLOOR_S, size=size, turn=turn, begun=0)

        values, floors = await alternating(ours, floor, repetitions=repetitions)
        results.append(judged(case, values, floors))
        if size == BY_THE_THOUSAND:
            by_row = [await orm.rate(system, turn) for turn in range(repetitions)]
            results.append(judged(VERSUS_ORM, values, by_row))
    return results
