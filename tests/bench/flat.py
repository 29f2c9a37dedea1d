"""A province of any size: one flat row a dossier, for the scan, and the steps indicator_api keeps of it."""

from datetime import date

import asyncpg

# The branches of a province hold each unit under its level.
LEVELS = """
    DROP TABLE IF EXISTS bench.levels;
    CREATE TABLE bench.levels AS SELECT unnest(members) AS unit_id, level FROM indicator.places
    WHERE level IS NOT NULL AND unit_id = (SELECT id FROM indicator.units WHERE code = 'H35')
"""
# One row a dossier over six years, in the order of their days; of each level's services a few carry most (1/rank), and
# some units more than others; weekdays only, 3 % told three days late.
FLAT = """
    DROP TABLE IF EXISTS bench.flat;
    CREATE TABLE bench.flat AS
    WITH unit AS (
        SELECT array_agg(id ORDER BY code) AS ids, array_agg(level ORDER BY code) AS levels
        FROM indicator.units JOIN bench.levels ON unit_id = id WHERE code <> 'H35'
    ),
    service AS (
        SELECT (ARRAY['province', 'district', 'commune'])[left(procedure_code, 1)::int] AS level,
            array_agg(id ORDER BY id) AS ids FROM indicator.services GROUP BY 1
    ),
    drawn AS (
        SELECT n::bigint AS id, '2020-01-01'::date + (n * 2190.0 / {number})::int AS day,
            random() AS a, random() AS b, random() AS c, random() AS d, random() AS e
        FROM generate_series(1, {number}) AS n
    ),
    filed AS (
        SELECT *, day - greatest(extract(isodow FROM day)::int - 5, 0) AS received_on,
            1 + floor(a * sqrt(a) * cardinality(unit.ids))::int AS place
        FROM drawn, unit
    )
    SELECT id, filed.ids[place] AS unit_id,
        service.ids[1 + exp(b * ln(cardinality(service.ids)))::int % cardinality(service.ids)] AS service_id,
        (CASE WHEN c < 0.70 THEN 1 WHEN c < 0.97 THEN 2 ELSE 3 END)::smallint AS channel,
        received_on, received_on + 7 AS due_on,
        CASE WHEN d < 0.04 THEN received_on + 9 WHEN d < 0.98 THEN received_on + (e * 7)::int END AS finished_on,
        CASE WHEN e < 0.03 THEN 3 ELSE 0 END AS delay
    FROM filed JOIN service ON service.level = filed.levels[place];
    VACUUM ANALYZE bench.flat
"""
KINDS = {
    "direct": {"received": 1, "received_direct": 1, "open": 1},
    "online": {"received": 1, "received_online": 1, "open": 1},
    "postal": {"received": 1, "received_postal": 1, "open": 1},
    "overdue": {"overdue": 1, "overdue_current": 1},
    "in_time_after_all": {"overdue": -1, "overdue_current": -1},
    "early": {"open": -1, "early": 1, "early_current": 1},
    "on_time": {"open": -1, "on_time": 1, "on_time_current": 1},
    "late": {"open": -1, "overdue": -1, "overdue_current": -1, "late": 1, "late_current": 1},
}
# A dossier is received, is to turn overdue, is finished, and then is not to turn overdue after all; in the order of the
# feed, as much at once as is sorted in memory: $1 and $2 date, half-open, when it was recorded.
STEPS = """
    INSERT INTO {schema}.steps (position, dossier_id, recorded_on, day, unit_id, service_id, channel, kind_id)
    SELECT (recorded_on - '2020-01-01'::date)::bigint << 32 | id AS position, id, recorded_on, day, unit_id, service_id,
        channel, kind_id
    FROM (
        SELECT *, received_on + delay AS recorded_on, received_on AS day,
            CASE channel WHEN 1 THEN {direct} WHEN 2 THEN {online} ELSE {postal} END AS kind_id FROM bench.flat
        UNION ALL
        SELECT *, received_on + delay, due_on + 1, {overdue} FROM bench.flat
        UNION ALL
        SELECT *, finished_on + delay, finished_on,
            CASE WHEN finished_on < due_on THEN {early} WHEN finished_on = due_on THEN {on_time} ELSE {late} END
        FROM bench.flat WHERE finished_on IS NOT NULL
        UNION ALL
        SELECT *, finished_on + delay, due_on + 1, {in_time_after_all} FROM bench.flat WHERE finished_on <= due_on
    ) AS told
    WHERE recorded_on >= $1 AND recorded_on < $2 AND received_on > $1::date - {longest} AND received_on < $2
    ORDER BY position
"""
# From its receipt to the last that is recorded of a dossier; and from the first dossier to the last record.
LONGEST_DAYS, MONTHS = 15, 73
LATE_INDEXES = "indicator.ix_steps_unit_id_day, indicator.ix_steps_recorded, indicator.ix_transfers_day"
# Without units that were known then, a question of what was known then would be answered too soon.
EMPTY = """
    TRUNCATE indicator.steps, indicator.transfers, indicator.unit_sums, indicator.service_sums, indicator.transfer_sums;
    UPDATE indicator.feed_cursor SET recorded_on = '2025-12-31';
    UPDATE indicator.catalogue_entries SET recorded_on = '2019-12-31'
"""
# $1 date first, $2 date last, both inclusive, $3 int[] units.  Returns counts by level.
SCAN = """
    SELECT level,
        count(*) FILTER (WHERE received_on < $1 AND (finished_on IS NULL OR finished_on >= $1)) AS carried_over,
        count(*) FILTER (WHERE received_on >= $1) AS received,
        count(*) FILTER (WHERE received_on >= $1 AND channel = 1) AS received_direct,
        count(*) FILTER (WHERE received_on >= $1 AND channel = 2) AS received_online,
        count(*) FILTER (WHERE received_on >= $1 AND channel = 3) AS received_postal,
        count(*) FILTER (WHERE finished_on BETWEEN $1 AND $2 AND finished_on < due_on) AS early,
        count(*) FILTER (WHERE finished_on BETWEEN $1 AND $2 AND finished_on = due_on) AS on_time,
        count(*) FILTER (WHERE finished_on BETWEEN $1 AND $2 AND finished_on > due_on) AS late,
        count(*) FILTER (WHERE finished_on IS NULL OR finished_on > $2) AS open,
        count(*) FILTER (WHERE (finished_on IS NULL OR finished_on > $2) AND due_on < $2) AS open_overdue
    FROM bench.flat JOIN bench.levels USING (unit_id)
    WHERE received_on <= $2 AND unit_id = ANY($3::int[]) {narrowed} GROUP BY level
"""


async def draw(connection: asyncpg.Connection, number: int) -> None:
    """Draw so many dossiers; how fast that goes is not measured."""
    await connection.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '256MB'; SET synchronous_commit = off")
    for statement in (*LEVELS.split(";\n"), *FLAT.format(number=number).split(";\n")):
        await connection.execute(statement)


async def insert_steps(connection: asyncpg.Connection, schema: str) -> None:
    """Insert the steps of the dossiers drawn."""
    kinds = {name: await _kind(connection, measures) for name, measures in KINDS.items()}
    statement = STEPS.format(schema=schema, longest=LONGEST_DAYS, **kinds)
    # Only for this: a scan of the dossiers that need not look at all of them would be no floor.
    await connection.execute("CREATE INDEX flat_received_on ON bench.flat USING brin (received_on)")
    for month in range(MONTHS):
        await connection.execute(statement, _month(month), _month(month + 1))
    await connection.execute("DROP INDEX bench.flat_received_on")


def _month(number: int) -> date:
    return date(2020 + number // 12, 1 + number % 12, 1)


async def fill(connection: asyncpg.Connection, number: int) -> None:
    """Fill the steps of so many dossiers, without indexes and sums, as if the feed had told of each."""
    await connection.execute(f"DROP INDEX IF EXISTS {LATE_INDEXES}")
    await draw(connection, number)
    for statement in EMPTY.split(";\n"):
        await connection.execute(statement)
    await insert_steps(connection, "indicator")


async def _kind(connection: asyncpg.Connection, measures: dict[str, int]) -> int:
    """Return the number of a kind of step, added if it is new."""
    columns, values = ", ".join(measures), ", ".join(map(str, measures.values()))
    await connection.execute(f"INSERT INTO indicator.step_kinds ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING")
    whole = await connection.fetch("SELECT * FROM indicator.step_kinds")
    wanted = {name: 0 for name in whole[0].keys() if name != "id"} | measures  # noqa: SIM118 - a record iterates values
    return next(int(row["id"]) for row in whole if {name: row[name] for name in wanted} == wanted)
