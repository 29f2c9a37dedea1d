"""How long a time one kept sum covers, and the fewest sums that make up a span of days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import assert_never

from indicator_api.domain.slices import ND09_CUTOFF_DAY, Slice


class Grain(IntEnum):
    """The days one sum covers; the values stand in the database.

    HALF is a month up to its 14th, or from its 15th on.  Rule: NĐ 09/2019 Đ.12 cuts there, so
    that periods of either cut-off are made of whole halves.
    """

    DAY = 1
    HALF = 2
    MONTH = 3
    YEAR = 4


@dataclass(frozen=True)
class Piece:
    """Sums of one grain whose first day lies in `start <= day < end`; together they cover just that."""

    grain: Grain
    start: date
    end: date


def pieces_of(slices: Sequence[Slice], grains: Sequence[Grain]) -> list[Piece]:
    """Return what the slices, and everything before the first, are made of; oldest first.

    `grains` are coarsest first and end in DAY. No piece reaches across the edge of a slice.
    """
    pieces: list[Piece] = []
    for start, end in [(date.min, slices[0].start), *((one.start, one.end) for one in slices)]:
        for piece in _cut(start, end, grains):
            if pieces and (pieces[-1].grain, pieces[-1].end) == (piece.grain, piece.start):
                pieces[-1] = replace(pieces[-1], end=piece.end)
            else:
                pieces.append(piece)
    return pieces


def start_of(grain: Grain, day: date) -> date:
    """Return the first day of the grain a day falls in."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.HALF:
            return day.replace(day=1 if day.day < ND09_CUTOFF_DAY else ND09_CUTOFF_DAY)
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)
        case _:
            assert_never(grain)


def _cut(start: date, end: date, grains: Sequence[Grain]) -> Iterator[Piece]:
    grain, *finer = grains
    last = start_of(grain, end)
    # Asked first: after the last year a calendar has, there is no next one.
    if last <= start:
        if start < end:
            yield from _cut(start, end, finer)
        return
    first = start if start_of(grain, start) == start else _next_start(grain, start)
    if start < first:
        yield from _cut(start, first, finer)
    if first < last:
        yield Piece(grain, first, last)
    if last < end:
        yield from _cut(last, end, finer)


def _next_start(grain: Grain, day: date) -> date:
    if grain is Grain.HALF and day.day < ND09_CUTOFF_DAY:
        return day.replace(day=ND09_CUTOFF_DAY)
    longest = timedelta(days=366 if grain is Grain.YEAR else 31)
    return start_of(grain, start_of(Grain.YEAR if grain is Grain.YEAR else Grain.MONTH, day) + longest)
