"""Places: the sets of units that sums are kept of, and the fewest of them that make up what is asked.

Each unit alone is a place, and so is each branch of the tree by level.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from indicator_api.domain.tree import Tree

Members = frozenset[str]


class Branch(NamedTuple):
    """All units of one level among a unit and those below it."""

    head: str
    level: str


class Place(NamedTuple):
    """A place and the units it holds."""

    id: int
    members: Members


def branches_of(tree: Tree) -> dict[Branch, Members]:
    """Return the branches of a tree by level; a unit with none below it is no branch."""
    branches: dict[Branch, Members] = {}
    for code in tree.units:
        below = tree.subtree(code)
        for level in {tree.level_of(unit) for unit in below} if len(below) > 1 else ():
            branches[Branch(code, level)] = frozenset(unit for unit in below if tree.level_of(unit) == level)
    return branches


def covered(cells: Mapping[str, int], places: Iterable[Place]) -> list[tuple[int, int]]:
    """Return places, by number, each with its cell, that hold every unit of every cell once.

    It rests on the members alone: whatever tree the reader has in mind, and however old the places
    are, the sums are those of the units asked for. A unit no place holds has nothing to its name.
    """
    left = dict(cells)
    chosen = []
    for place in sorted(places, key=lambda place: (-len(place.members), place.id)):
        found = {left.get(member) for member in place.members}
        if len(found) == 1 and (cell := found.pop()) is not None:
            chosen.append((place.id, cell))
            for member in place.members:
                del left[member]
    return chosen
