"""While one group of events is written, the next is decided, and nothing comes of it but what would have come alone.

Rule: contract section 3, rules 2 and 3; ADR-0003.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text

from dossier_api.domain.recording import Outcome, Posted
from dossier_api.usecases import group_commit
from dossier_api.usecases.bell import Bell
from dossier_api.usecases.group_commit import LEAST_AHEAD, GroupCommit
from dossier_api.usecases.record_events import Decided, EventRecorder
from shared.db import Begin
from tests.dossier_api.recording import posted, processes, recorder_on
from tests.dossier_api.wire import CATALOGUE_ENTRIES, event

BEFORE = CATALOGUE_ENTRIES


@pytest.fixture
async def begins(dossier_url: str) -> AsyncIterator[list[Begin]]:
    """Return the `begin` of two processes."""
    async with processes(dossier_url, 2) as found:
        yield list(found)


async def logged(begin: Begin) -> list[tuple[int, str]]:
    async with begin() as session:
        statement = "SELECT position, id FROM dossier.events WHERE unit_code IS NOT NULL ORDER BY position"
        return [(position, name) for position, name in await session.execute(text(statement))]


def batch(name: str, *, dossier: str | None = None) -> list[dict[str, Any]]:
    return [event(id=f"{name}-{n}", dossier=dossier or f"{name}-{n}") for n in range(LEAST_AHEAD)]


async def test_a_group_is_decided_on_what_the_one_ahead_will_leave(begins: list[Begin]) -> None:
    recorder = recorder_on(begins[0])

    first = await recorder.decide(posted(event(id="e1", dossier="D-1"), event("paid", id="e2", dossier="D-9")))
    second = await recorder.decide(posted(event(id="e3", dossier="D-3")), ahead=first)

    assert await logged(begins[0]) == []
    assert second.turn is None
    turn = await recorder.write(first)
    assert await recorder.write(replace(second, turn=turn)) is not None
    assert await logged(begins[0]) == [(BEFORE + 1, "e1"), (BEFORE + 2, "e3")]
    assert [outcome.position for outcome in second.outcomes] == [BEFORE + 2]


async def test_a_group_ahead_that_is_written_by_now_is_found_in_the_log(begins: list[Begin]) -> None:
    recorder = recorder_on(begins[0])
    first = await recorder.decide(posted(event(id="e1", dossier="D-1")))
    turn = await recorder.write(first)

    second = await recorder.decide(posted(event(id="e2", dossier="D-2")), ahead=first)

    assert second.turn == turn
    assert await recorder.write(second) is not None
    assert await logged(begins[0]) == [(BEFORE + 1, "e1"), (BEFORE + 2, "e2")]


async def test_a_group_ahead_that_has_nothing_to_write_leaves_its_turn(begins: list[Begin]) -> None:
    recorder = recorder_on(begins[0])
    await recorder.record(posted(event(id="e1", dossier="D-1")))

    repeated = await recorder.decide(posted(event(id="e1", dossier="D-1")))

    assert await recorder.write(repeated) == repeated.turn


async def test_nothing_is_written_after_somebody_else_has(begins: list[Begin]) -> None:
    decided = await recorder_on(begins[0]).decide(posted(event(id="e1", dossier="D-1"), event("paid", dossier="D-9")))
    await recorder_on(begins[1]).record(posted(event(id="e2", dossier="D-2")))

    assert await recorder_on(begins[0]).write(decided) is None

    assert await logged(begins[0]) == [(BEFORE + 1, "e2")]
    async with begins[0]() as session:
        assert await session.scalar(text("SELECT count(*) FROM dossier.rejected_events")) == 0


@pytest.mark.parametrize(
    ("other", "touches"),
    [
        (event(id="x", dossier="D-1"), True),
        (event(id="e1", dossier="D-2"), True),
        (event(id="e1", dossier="D-2", source="/elsewhere"), False),
        (event(id="x", dossier="D-2"), False),
    ],
)
async def test_groups_touch_by_dossier_or_identity(
    begins: list[Begin], other: dict[str, Any], *, touches: bool
) -> None:
    decided = await recorder_on(begins[0]).decide(posted(event(id="e1", dossier="D-1")))

    assert decided.touches(posted(other)) is touches


async def test_groups_touch_by_a_kept_event_that_heals(begins: list[Begin]) -> None:
    recorder = recorder_on(begins[0])
    await recorder.record(posted(event("finished", id="kept", dossier="D-1", at="2020-06-01T10:00:00+07:00")))

    decided = await recorder.decide(posted(event(id="e1", dossier="D-1")))

    assert decided.touches(posted(event(id="kept", dossier="D-2")))


@dataclass(frozen=True)
class Overtaken(EventRecorder):
    """A recorder before whose first writes another process always comes."""

    rival: EventRecorder
    taken: list[int]

    async def write(self, decided: Decided) -> str | None:
        if len(self.taken) < 3:
            self.taken.append(1)
            await self.rival.record(posted(event(id=f"rival-{len(self.taken)}", dossier=f"R-{len(self.taken)}")))
        return await super().write(decided)


async def all_at_once(recorder: EventRecorder, batches: Sequence[list[dict[str, Any]]]) -> list[list[Outcome]]:
    intake = GroupCommit(recorder, Bell())
    running = asyncio.create_task(intake.run())
    try:
        return list(await asyncio.gather(*(intake.record(posted(*one)) for one in batches)))
    finally:
        running.cancel()


@dataclass(frozen=True)
class Gathering(EventRecorder):
    """A recorder that notes how many events were decided together, and takes its time to write."""

    groups: list[int]

    async def decide(self, posted: Sequence[Posted], *, ahead: Decided | None = None) -> Decided:
        self.groups.append(len(posted))
        return await super().decide(posted, ahead=ahead)

    async def write(self, decided: Decided) -> str | None:
        await asyncio.sleep(0.1)
        return await super().write(decided)


async def post_each(begin: Begin, delays_s: Sequence[Sequence[float]]) -> list[int]:
    """Let counters post one event after the other, each so long after its last answer; return how they were grouped."""
    gathering = Gathering(**vars(recorder_on(begin)), groups=[])
    intake = GroupCommit(gathering, Bell())

    async def counter(name: str, delays: Sequence[float]) -> None:
        for number, delay_s in enumerate(delays):
            await asyncio.sleep(delay_s)
            await intake.record(posted(event(id=f"{name}-{number}", dossier=f"{name}-{number}")))

    running = asyncio.create_task(intake.run())
    try:
        async with asyncio.timeout(10):
            await asyncio.gather(*(counter(f"c{number}", delays) for number, delays in enumerate(delays_s)))
    finally:
        running.cancel()
    return gathering.groups


async def test_who_was_answered_last_is_waited_for(begins: list[Begin], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE_S", 60)

    assert await post_each(begins[0], [(0, 0), (0, 0.05), (0, 0.1)]) == [3, 3]


async def test_who_comes_meanwhile_is_recorded_with_them(begins: list[Begin], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE_S", 60)

    assert await post_each(begins[0], [(0, 0.05), (0, 0.05), (0, 0.05), (0.02,)]) == [3, 4]


async def test_enough_company_waits_for_no_more(begins: list[Begin], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE_S", 0.4)
    monkeypatch.setattr(group_commit, "COMPANY", 2)

    assert await post_each(begins[0], [(0, 0), (0, 0), (0, 0.2)]) == [3, 2, 1]


async def test_who_posts_alone_waits_for_nobody(begins: list[Begin], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE_S", 60)

    assert await post_each(begins[0], [(0, 0, 0)]) == [1, 1, 1]


async def test_who_has_gone_is_not_waited_for_long(begins: list[Begin]) -> None:
    assert await post_each(begins[0], [(0, 0, 0), (0,)]) == [2, 1, 1]


async def test_groups_that_lose_their_turn_are_decided_again(begins: list[Begin]) -> None:
    recorder = recorder_on(begins[0])
    overtaken = Overtaken(**vars(recorder), rival=recorder_on(begins[1]), taken=[])

    answers = await all_at_once(overtaken, [batch(f"b{n}") * 20 for n in range(5)])

    told = {(outcome.position, outcome.dossier) for outcomes in answers for outcome in outcomes}
    found = await logged(begins[0])
    assert [position for position, _ in found] == list(range(BEFORE + 1, BEFORE + 1 + 5 * LEAST_AHEAD + 3))
    assert told == {(position, name) for position, name in found if not name.startswith("rival")}


async def test_what_groups_say_of_the_same_dossiers_is_taken_in_the_order_posted(begins: list[Begin]) -> None:
    opening = [event(id=f"open-{n}", dossier=f"D-{n}") for n in range(LEAST_AHEAD)]
    closing = [
        event("finished", id=f"close-{n}", dossier=f"D-{n}", at="2020-06-01T10:00:00+07:00") for n in range(LEAST_AHEAD)
    ]

    # Larger together than what is recorded together, so each is a group of its own.
    answers = await all_at_once(recorder_on(begins[0]), [opening * 20, closing * 20, batch("other") * 20])

    assert [outcomes[0].verdict for outcomes in answers] == ["accepted"] * 3
    assert len(await logged(begins[0])) == 3 * LEAST_AHEAD
