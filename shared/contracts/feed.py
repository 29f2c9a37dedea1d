"""One entry of dossier_api's feed: a CloudEvent with its place in the total order."""

from datetime import datetime

import msgspec

EVENT_TYPE_PREFIX = "vn.motcua.dossier."
# Not a counter's event: a new calendar or a closed unit has changed the life of an open dossier.
RECALCULATED_TYPE = f"{EVENT_TYPE_PREFIX}recalculated.v1"
UNIT_TYPE = "vn.motcua.catalogue.unit.v1"
PROCEDURE_TYPE = "vn.motcua.catalogue.procedure.v1"
CALENDAR_DAY_TYPE = "vn.motcua.catalogue.calendar_day.v1"
OFFICE_HOURS_TYPE = "vn.motcua.catalogue.office_hours.v1"


class FeedItemV1(msgspec.Struct, frozen=True, gc=False):
    """A CloudEvents 1.0 envelope; `position` and `recordedat` are extensions.

    `data` stays raw: a reader decodes what it is interested in. Positions ascend, with gaps.
    """

    specversion: str
    id: str
    source: str
    type: str
    time: datetime
    subject: str
    data: msgspec.Raw
    position: int
    recordedat: datetime
    datacontenttype: str = "application/json"


class DossierDataV1(msgspec.Struct, frozen=True):
    """The part of a dossier event's data that the feed adds with `include=life`: the JSON of a LifeV1, still raw."""

    life: msgspec.Raw


class UnitV1(msgspec.Struct, frozen=True):
    """Data of a UNIT_TYPE entry: the unit as it now stands.  `valid_to` is half-open."""

    code: str
    name: str
    level: str
    parent_code: str | None
    valid_from: str
    valid_to: str | None
    successor_codes: list[str]
    has_one_stop: bool


class OnlineLevelV1(msgspec.Struct, frozen=True):
    """An online level under the decree whose scheme names it."""

    scheme: str
    value: str


class ProcedureVersionV1(msgspec.Struct, frozen=True):
    """What the figures need of one dated version.  `valid_to` is half-open."""

    valid_from: str
    valid_to: str | None
    name: str
    field: str
    level: str
    online_level: OnlineLevelV1
    at_one_stop: bool


class ProcedureV1(msgspec.Struct, frozen=True):
    """Data of a PROCEDURE_TYPE entry: all versions of the procedure as they now stand."""

    code: str
    versions: list[ProcedureVersionV1]
