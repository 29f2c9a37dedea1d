"""How many services are offered at each online level."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from indicator_api.domain.online_levels import SCHEMES
from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.routes.queries import LevelsQuery
from indicator_api.routes.responses import ThroughResponse, through_of
from indicator_api.usecases.tabulate_levels import Tabulated, tabulate_levels
from indicator_api.usecases.wait_for_position import wait_for_position
from shared.http.problems import PROBLEM

router = APIRouter(tags=["online levels"], responses={404: PROBLEM, 503: PROBLEM})


class LevelResponse(BaseModel):
    """Services at exactly this level, and at this one or a higher one."""

    level: int
    exclusive: int
    cumulative: int


class LabelResponse(BaseModel):
    """Services that bear one decree's own name of a level."""

    online_level: str
    services: int


class MappingResponse(BaseModel):
    """What one decree calls a level, where that stands on the scale of 1 to 4, and when the decree was in force."""

    online_level: str
    level: int
    decree: str
    valid_from: date
    valid_to: date | None


class LevelTableResponse(BaseModel):
    """One truth in two tables: a report must say which of them it prints."""

    unit: str | None
    as_of: date
    known_at: date | None
    through: ThroughResponse
    services: int
    levels: list[LevelResponse]
    labels: list[LabelResponse]
    mapping: list[MappingResponse]


MAPPING = [
    MappingResponse(
        online_level=f"{scheme.id}:{value}",
        level=level,
        decree=scheme.decree,
        valid_from=scheme.valid_from,
        valid_to=scheme.valid_to,
    )
    for scheme in SCHEMES
    for value, level in scheme.levels.items()
]


@router.get("/online-levels", operation_id="get_online_levels")
async def get_online_levels(
    query: Annotated[LevelsQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> LevelTableResponse:
    """Count the services in force on a day by online level, exclusively and cumulatively, and publish the mapping."""
    asked, settings = query.selection(), resources.settings
    await wait_for_position(query.min_position, source=resources.source, timeout_s=settings.position_wait_s)
    found = await tabulate_levels(asked, root=caller.unit_code, source=resources.source)
    return _told(found, through_of(found.through, settings.zone))


def _told(found: Tabulated, through: ThroughResponse) -> LevelTableResponse:
    table = found.table
    return LevelTableResponse(
        unit=found.selection.unit_code,
        as_of=found.selection.as_of,
        known_at=found.selection.known_at,
        through=through,
        services=table.services,
        levels=[
            LevelResponse(level=level, exclusive=exactly, cumulative=table.cumulative[level])
            for level, exactly in table.exclusive.items()
        ],
        labels=[LabelResponse(online_level=label, services=number) for label, number in table.labels.items()],
        mapping=MAPPING,
    )
