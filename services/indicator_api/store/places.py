"""The sets of units that sums are kept of."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.places import Place, branches_of
from indicator_api.domain.tree import Tree
from indicator_api.store import kept_sums
from indicator_api.store.tables import places
from shared.db import driver_of

# The number of a branch's head, and the level of its units.
BranchKey = tuple[int, str]


# $1 text[] codes of units.  Returns the places that hold none but those: id, and the codes of their units.
_WITHIN = """
    SELECT id, (SELECT array_agg(code) FROM units WHERE units.id = ANY(members)) FROM places
    WHERE members <@ (SELECT array_agg(id) FROM units WHERE code = ANY($1::text[]))
"""


async def list_within(session: AsyncSession, codes: Collection[str]) -> list[Place]:
    """Return the places that hold none but the given units."""
    driver = await driver_of(session)
    rows = await driver.fetch(_WITHIN, list(codes))
    return [Place(place_id, frozenset(members)) for place_id, members in rows]


async def number(session: AsyncSession, codes: Iterable[str]) -> dict[str, int]:
    """Return the number of every unit; those of `codes` that have none get one, and a place of their own.

    Only the holder of the cursor comes here.
    """
    driver = await driver_of(session)
    found = dict(await driver.fetch("SELECT code, id FROM units"))
    if missing := sorted(set(codes) - found.keys()):
        await driver.execute(_NUMBER, missing)
        found = dict(await driver.fetch("SELECT code, id FROM units"))
    return found


# $1 text[] codes of units that have no number.
_NUMBER = """
    WITH added AS (INSERT INTO units (code) SELECT unnest($1::text[]) RETURNING id)
    INSERT INTO places (unit_id, members) SELECT id, ARRAY[id] FROM added
"""


class _Kept(NamedTuple):
    """A branch as its sums are kept: the number of its place, and of its units."""

    place_id: int
    members: frozenset[int]


async def arrange(session: AsyncSession, tree: Tree) -> None:
    """Make the branches those of a tree; one that gains or loses units gains or loses their sums."""
    numbers = await number(session, tree.units)
    wanted = {
        (numbers[key.head], key.level): frozenset(numbers[code] for code in members)
        for key, members in branches_of(tree).items()
    }
    rows = await session.execute(select(places.c.unit_id, places.c.level, places.c.id, places.c.members))
    kept = {(unit_id, level): _Kept(place_id, frozenset(members)) for unit_id, level, place_id, members in rows}
    alone = {unit_id: place.place_id for (unit_id, level), place in kept.items() if level is None}
    branches = {key: place for key, place in kept.items() if key[1] is not None}
    await _remove(session, [place.place_id for key, place in branches.items() if key not in wanted])
    saved = await _save(
        session, {key: members for key, members in wanted.items() if _members(branches, key) != members}
    )
    await kept_sums.move(
        session,
        [
            (place_id, alone[unit_id], 1 if unit_id in wanted[key] else -1)
            for key, place_id in saved.items()
            for unit_id in sorted(wanted[key] ^ _members(branches, key))
        ],
    )


def _members(branches: Mapping[BranchKey, _Kept], key: BranchKey) -> frozenset[int]:
    return branches[key].members if key in branches else frozenset()


async def _remove(session: AsyncSession, place_ids: list[int]) -> None:
    await kept_sums.remove(session, place_ids)
    await session.execute(delete(places).where(places.c.id.in_(place_ids)))


async def _save(session: AsyncSession, branches: Mapping[BranchKey, frozenset[int]]) -> dict[BranchKey, int]:
    """Write the members of branches and return their places."""
    if not branches:
        return {}
    given = [
        {"unit_id": unit_id, "level": level, "members": sorted(members)}
        for (unit_id, level), members in branches.items()
    ]
    added = insert(places)
    saved = added.on_conflict_do_update(
        index_elements=[places.c.unit_id, places.c.level], set_={"members": added.excluded.members}
    ).returning(places.c.unit_id, places.c.level, places.c.id)
    return {(unit_id, level): place_id for unit_id, level, place_id in await session.execute(saved, given)}
