"""Recount everything, compare everything, and find the day each difference begins."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

import httpx

from motcua.errors import OperatorError
from motcua.verify.addresses import Addresses
from motcua.verify.comparing import SERVICE, Comparison, Difference
from motcua.verify.lives import Dossiers, ask
from motcua.verify.questions import Question, days_of_period, questions_about, windows_of
from motcua.verify.recount import Recount, Window, years_of
from motcua.verify.telling import Stage, Telling
from shared.contracts.keys import WhoAmIV1
from shared.http.client import client_for

ANSWERS_WITHIN_S = 120.0
CATCHES_UP_WITHIN_S = 120.0
POLL_S = 0.2
# How many dossiers pass between two steps of the bar.
A_FEW = 1000
# Beyond this the days of a difference are not looked for: something larger is wrong.
MOST_DATED = 200


class KeySeesOnlyAPart(OperatorError):
    """The key belongs to one unit, so that dossiers which left its subtree would seem to be missing."""

    def __init__(self, unit_code: str) -> None:
        super().__init__(f"the key sees {unit_code} only; figures are verified with a key of the whole tree")
        self.unit_code = unit_code


class FiguresStandStill(OperatorError):
    """indicator_api does not count what the feed holds."""

    def __init__(self, reached: int, position: int) -> None:
        super().__init__(
            f"{SERVICE} has counted up to position {reached} and goes no further; the feed is at {position}"
        )
        self.reached, self.position = reached, position


async def verify(addresses: Addresses, telling: Telling) -> Sequence[Difference]:
    """Hold every figure against a recount from the dossiers, tell and return what differs.

    Raises KeySeesOnlyAPart, FiguresStandStill, Refused, TooManyRows, UpstreamUnavailable.
    """
    async with (
        client_for(addresses.dossier_url, key=addresses.key) as dossier_api,
        client_for(addresses.indicator_url, key=addresses.key, timeout_s=ANSWERS_WITHIN_S) as indicator_api,
    ):
        await _require_whole_tree(dossier_api)
        verification = _Verification(Dossiers(dossier_api), indicator_api, telling)
        await verification.read()
        years = years_of(verification.dossiers.lives)
        questions = questions_about(verification.dossiers.units, years)
        comparison = await verification.compare(questions, windows_of(years), Stage.ASKING)
        differences = await verification.dated(comparison.differences)
    telling.conclude(
        dossiers=len(verification.dossiers.lives),
        position=verification.dossiers.position,
        cells=comparison.cells,
        differences=differences,
    )
    return differences


async def _require_whole_tree(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "/v1/whoami", service="dossier_api")
    unit_code = WhoAmIV1.model_validate_json(answer.content).unit_code
    if unit_code is not None:
        raise KeySeesOnlyAPart(unit_code)


@dataclass
class _Verification:
    """The dossiers read so far, and whom to hold to them."""

    dossiers: Dossiers
    indicator_api: httpx.AsyncClient
    telling: Telling

    async def read(self) -> None:
        """Read the feed to its end and wait until the figures are as far."""
        with self.telling.stage(Stage.READING, await self._through()) as reached:
            await self.dossiers.read_all(reached)
        latest, give_up = await self._through(), monotonic() + CATCHES_UP_WITHIN_S
        while latest < self.dossiers.position:
            if monotonic() > give_up:
                raise FiguresStandStill(latest, self.dossiers.position)
            await asyncio.sleep(POLL_S)
            if (through := await self._through()) > latest:
                latest, give_up = through, monotonic() + CATCHES_UP_WITHIN_S

    async def compare(self, questions: Sequence[Question], windows: Sequence[Window], stage: Stage) -> Comparison:
        """Recount the windows and ask the questions about them."""
        comparison = Comparison(self._recount(windows), self.dossiers, self.indicator_api)
        with self.telling.stage(stage, len(questions)) as reached:
            await comparison.hold_against(questions, reached)
        return comparison

    async def dated(self, differences: Sequence[Difference]) -> list[Difference]:
        """Return the differences, those of one unit in one month with the first day on which they show."""
        months = [one for one in differences if one.is_of_a_month][:MOST_DATED]
        if not months:
            return list(differences)
        questions = {_by_day(one): None for one in months}
        windows = {day.name: day for question in questions for day in days_of_period(question.period)}
        by_day = (await self.compare(list(questions), list(windows.values()), Stage.DATING)).differences
        return [replace(one, since=_first_day(one, by_day)) for one in differences]

    def _recount(self, windows: Sequence[Window]) -> Recount:
        recount = Recount(windows)
        with self.telling.stage(Stage.COUNTING, len(self.dossiers.lives)) as reached:
            for number, life in enumerate(self.dossiers.lives, start=1):
                recount.add(life)
                if number % A_FEW == 0:
                    reached(number)
            reached(len(self.dossiers.lives))
        return recount

    async def _through(self) -> int:
        answer = await ask(self.indicator_api, "/v1/through", service=SERVICE)
        return int(answer.json()["position"])


def _by_day(difference: Difference) -> Question:
    return Question(difference.label, "", difference.window, difference.question.basis, "day", is_subtree=False)


def _first_day(difference: Difference, by_day: Sequence[Difference]) -> str | None:
    asked = _by_day(difference)
    days = [one.window for one in by_day if one.question == asked and one.count == difference.count]
    return min(days, default=None)
