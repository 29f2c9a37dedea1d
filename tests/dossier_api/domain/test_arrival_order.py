"""Every order of arrival gives the same dossier, life and quarantine.  Rule: contract section 3, rule 4."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.events import Event, EventKind
from dossier_api.domain.fold import fold
from dossier_api.domain.life import life_of
from shared.contracts.life import LifeV1
from tests.dossier_api import given
from tests.dossier_api.domain.desk import Desk

START = given.moment("2026-02-27 08:00")
RULES = [given.rules(3, supplement_policy=policy) for policy in ("restart", "exclude", "end_at_request", "none")]
# What leads somewhere is drawn more often.
NAMES = [*EventKind, "accepted", "supplemented", "finished"]


@st.composite
def happenings(draw: st.DrawFn) -> list[Event]:
    """Draw events of one dossier, legal or not, at times of their own, some of them undoing others."""
    names = ["accepted", *draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=7))]
    events = []
    for place, name in enumerate(names):
        at = START + draw(st.integers(0, 13)) * timedelta(days=1) + place * timedelta(hours=1)
        told: dict[str, Any] = {}
        if name == "extended":
            told = {"due_at": at + timedelta(days=9), "reason": "workload"}
        if name == "voided":
            told = {"event_id": str(draw(st.integers(0, len(names)))), "reason": "typing-error"}
        events.append(given.event(name, at, id=str(place), **told))
    return events


def in_batches(events: list[Event], cuts: Iterable[int]) -> list[list[Event]]:
    places = [0, *sorted(cuts), len(events)]
    return [events[first:last] for first, last in pairwise(places) if first < last]


def outcome(desk: Desk) -> tuple[Dossier | None, LifeV1 | None, set[str]]:
    dossier = desk.dossier()
    life = life_of(dossier, desk.rules.catalogue) if dossier else None
    return dossier, life, set(desk.refused())


@settings(max_examples=120, deadline=None)
@for_all(data=st.data(), events=happenings(), rules=st.sampled_from(RULES))
def test_every_order_of_arrival_and_every_cut_into_batches_tells_the_same(
    data: st.DataObject, events: list[Event], rules: Rules
) -> None:
    orders = [
        sorted(events, key=lambda event: event.at),
        data.draw(st.permutations(events)),
        data.draw(st.permutations(events)),
    ]
    cuts = st.lists(st.integers(0, len(events)), max_size=4)
    desks = []
    for order in orders:
        desk = Desk(rules=rules)
        for batch in in_batches(order, data.draw(cuts)):
            desk.post(*batch)
        desks.append(desk)

    assert outcome(desks[0]) == outcome(desks[1]) == outcome(desks[2])
    assert desks[0].dossier() == fold(events, desks[0].rules).dossier


@settings(max_examples=40, deadline=None)
@for_all(events=happenings(), repeats=st.lists(st.integers(0, 7), max_size=8))
def test_retries_change_nothing(events: list[Event], repeats: list[int]) -> None:
    once, often = Desk(), Desk()
    once.post(*events)

    often.post(*events, *[events[place % len(events)] for place in repeats])
    for place in repeats:
        often.post(events[place % len(events)])

    assert outcome(often) == outcome(once)
    assert len(often.log) == len(once.log)
