"""The tables of the schema `indicator`."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from indicator_api.domain.measures import STEP_MEASURES
from shared.db import metadata_of

metadata = metadata_of("indicator")

# One row: how far the feed has been read, and the last day on which something was recorded.
feed_cursor = Table(
    "feed_cursor",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True)),
    Column("recorded_on", Date),
    CheckConstraint("id = 1", name="one_row"),
)

# What the feed said of units and procedures, never overwritten: the catalogue as known on a day is its latest.
catalogue_entries = Table(
    "catalogue_entries",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("recorded_on", Date, nullable=False),
    Column("kind", Text, nullable=False, comment="unit | procedure"),
    Column("code", Text, nullable=False),
    Column("entry", Text, nullable=False, comment="JSON of shared.contracts.feed UnitV1 | ProcedureV1"),
    Index(None, "kind", "code", "position"),
)

units = Table(
    "units",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
)

services = Table(
    "services",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("procedure_code", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("online_level", Text, nullable=False, comment="scheme:value"),
    Index("uq_services", "procedure_code", "field", "online_level", unique=True),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("life", Text, nullable=False, comment="JSON of shared.contracts.life LifeV1, as last told"),
)

# What a step adds. A province of millions of dossiers knows some hundreds of kinds, so a reading counts steps by
# kind and multiplies, instead of adding up every measure of every step.
step_kinds = Table(
    "step_kinds",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    *(Column(measure.value, SmallInteger, nullable=False, server_default=text("0")) for measure in STEP_MEASURES),
    # Told apart by one array: an index holds fewer columns than there are measures.
    Index("uq_step_kinds", text(f"(ARRAY[{', '.join(STEP_MEASURES)}])"), unique=True),
)

# No foreign keys on the two tables of differences: one use case writes them, in bulk, after their dimensions.
steps = Table(
    "steps",
    metadata,
    Column("position", BigInteger, nullable=False, comment="feed entry that brought the difference"),
    Column("dossier_id", BigInteger, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("day", Date, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("service_id", Integer, nullable=False),
    Column("channel", SmallInteger, nullable=False, comment="index into CHANNELS"),
    Column("kind_id", Integer, nullable=False),
    Index(None, "unit_id", "day"),
    # Rows come in the order of the first two, so a few kilobytes find what was recorded after a day or a position; and
    # most tell of days close by, so they also find what came late, or was foretold, about any day.
    Index("ix_steps_recorded", "position", "recorded_on", "day", postgresql_using="brin"),
)

transfers = Table(
    "transfers",
    metadata,
    Column("position", BigInteger, nullable=False, comment="feed entry that brought the difference"),
    Column("dossier_id", BigInteger, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("day", Date, nullable=False),
    Column("from_unit_id", Integer, nullable=False),
    Column("to_unit_id", Integer, nullable=False),
    Column("service_id", Integer, nullable=False),
    Column("channel", SmallInteger, nullable=False, comment="index into CHANNELS"),
    Column("moved", SmallInteger, nullable=False),
    Index(None, "day"),
)

# The sets of units that sums are kept of: each unit alone, and each branch of the tree by level.
places = Table(
    "places",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("unit_id", Integer, nullable=False, comment="the unit alone, or the head of a branch"),
    Column("level", Text, comment="of the branch; null is the unit alone"),
    Column("members", ARRAY(Integer), nullable=False, comment="ids of units"),
    Index("uq_places", "unit_id", "level", unique=True, postgresql_nulls_not_distinct=True),
)


def _grain_columns() -> list[Column[Any]]:
    return [
        Column("grain", SmallInteger, primary_key=True, autoincrement=False, comment="domain.grains.Grain"),
        Column("start", Date, primary_key=True, comment="first day of the grain"),
    ]


def _channel_column() -> Column[Any]:
    return Column("channel", SmallInteger, primary_key=True, autoincrement=False, comment="index into CHANNELS")


def _measure_columns() -> list[Column[Any]]:
    # Most are 0, and a null takes no room.
    return [Column(measure.value, Integer, comment="null for 0") for measure in STEP_MEASURES]


# Three sums of the differences, kept in the transaction that adds them. What they hold does not grow with
# dossiers but with days, so neither does what a reading costs. Room is left in each page for the next change.
unit_sums = Table(
    "unit_sums",
    metadata,
    Column("place_id", Integer, primary_key=True, autoincrement=False),
    *_grain_columns(),
    _channel_column(),
    *_measure_columns(),
    postgresql_with={"fillfactor": "80"},
)

service_sums = Table(
    "service_sums",
    metadata,
    Column("place_id", Integer, primary_key=True, autoincrement=False),
    *_grain_columns(),
    Column("service_id", Integer, primary_key=True, autoincrement=False),
    _channel_column(),
    *_measure_columns(),
    postgresql_with={"fillfactor": "80"},
)

transfer_sums = Table(
    "transfer_sums",
    metadata,
    *_grain_columns(),
    Column("from_unit_id", Integer, primary_key=True, autoincrement=False),
    Column("to_unit_id", Integer, primary_key=True, autoincrement=False),
    _channel_column(),
    Column("moved", Integer, nullable=False),
    postgresql_with={"fillfactor": "80"},
)

# All targets as somebody once put them, never overwritten: the latest set holds, the others are the audit.
target_sets = Table(
    "target_sets",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text, nullable=False, comment="id of the API key"),
    Column("targets", Text, nullable=False, comment="JSON, a list of targets"),
)

# A dossier that was never accepted may have none.
CHANNELS = ("unknown", "direct", "online", "postal")

# Everything that is counted from the feed, and so can be counted anew from it.
COUNTED = (
    feed_cursor,
    catalogue_entries,
    units,
    services,
    dossiers,
    step_kinds,
    steps,
    transfers,
    places,
    unit_sums,
    service_sums,
    transfer_sums,
)
