"""What must hold between the cells of a report, and whether it does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from report_worker.domain.expressions import Expression, Number, UnreadableExpression, parse_expression


class Relation(StrEnum):
    """How the two sides of an identity stand to each other."""

    EQUAL = "="
    AT_MOST = "<="


@dataclass(frozen=True)
class Identity:
    """`left = right` or `left <= right` between cells of one report."""

    left: Expression
    relation: Relation
    right: Expression

    @property
    def names(self) -> tuple[str, ...]:
        """Return every cell it speaks of, left side first."""
        return (*self.left.names, *self.right.names)

    def weight(self, name: str) -> int:
        """Return by how much `left - right` grows with one more in the cell."""
        on_left = sum(sign for sign, term in self.left.terms if term == name)
        return on_left - sum(sign for sign, term in self.right.terms if term == name)

    def holds_between(self, left: Number, right: Number) -> bool:
        """Say whether the relation holds between two values."""
        match self.relation:
            case Relation.EQUAL:
                return left == right
            case Relation.AT_MOST:
                return left <= right
        assert_never(self.relation)

    def __str__(self) -> str:
        return f"{self.left.text} {self.relation} {self.right.text}"


@dataclass(frozen=True)
class Verdict:
    """An identity judged; `blank` is the one cell that was empty, `needed` what it must hold."""

    identity: str
    holds: bool
    left: Number
    right: Number
    blank: str | None = None
    needed: Number | None = None

    @property
    def difference(self) -> Number:
        """Return left less right."""
        return self.left - self.right


def parse_identity(text: str, names: Collection[str] = ()) -> Identity:
    """Read `11 = 12 + 13` or `13 <= 11` between cells of these names.  Raises UnreadableExpression."""
    for relation in (Relation.AT_MOST, Relation.EQUAL):
        left, found, right = text.partition(relation)
        if found:
            return Identity(parse_expression(left, names), relation, parse_expression(right, names))
    raise UnreadableExpression(text)


def judge(identity: Identity, cells: Mapping[str, Number]) -> Verdict | None:
    """Judge an identity over typed cells, or return None where they do not settle it.

    A side of which nothing is typed settles nothing. One blank cell counts as 0 and must be it; of several
    blank cells no single one can be named, so the identity is judged only if no filling could mend it.
    """
    if not _has_typed(identity.left, cells) or not _has_typed(identity.right, cells):
        return None
    left, right = identity.left.typed_value(cells), identity.right.typed_value(cells)
    blanks = [name for name in identity.names if name not in cells]
    holds = identity.holds_between(left, right)
    if len(blanks) > 1 and (holds or _could_be_filled(identity, blanks, left - right)):
        return None
    if len(blanks) == 1 and not holds:
        return Verdict(str(identity), False, left, right, blanks[0], _needed(identity, blanks[0], left - right))
    return Verdict(str(identity), holds, left, right)


def judge_all(identities: tuple[Identity, ...], cells: Mapping[str, Number]) -> list[Verdict]:
    """Return the verdicts of those identities that the cells settle, in their order."""
    return [verdict for one in identities if (verdict := judge(one, cells)) is not None]


def _has_typed(side: Expression, cells: Mapping[str, Number]) -> bool:
    return not side.names or any(name in cells for name in side.names)


def _needed(identity: Identity, name: str, surplus: Number) -> Number | None:
    """Return what the blank cell must hold, or None where it would be less than nothing."""
    needed = -surplus * identity.weight(name)
    return needed if needed >= 0 else None


def _could_be_filled(identity: Identity, blanks: list[str], surplus: Number) -> bool:
    """Say whether some blank cell, growing from 0, brings the sides together."""
    return any(identity.weight(name) * surplus < 0 for name in blanks)
