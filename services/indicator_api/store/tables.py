"""The tables of the schema `indicator`."""

from sqlalchemy import (
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
    Index("uq_step_kinds", *(measure.value for measure in STEP_MEASURES), unique=True),
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

# A dossier that was never accepted may have none.
CHANNELS = ("unknown", "direct", "online", "postal")
