"""indicator_api's answers held against the recount, at the very position each answer was given at."""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from motcua.errors import OperatorError
from motcua.verify.lives import Dossiers, ask
from motcua.verify.questions import RATES, Question
from motcua.verify.recount import Recount

SERVICE = "indicator_api"
# Enough to keep the service busy while answers are compared.
AT_ONCE = 4
PARTS = ("numerator", "denominator")
MONTH = re.compile(r"\d{4}-\d\d")

Answer = dict[str, Any]
Cell = tuple[str, str]


class TooManyRows(OperatorError):
    """An answer was cut, so that it proves nothing."""

    def __init__(self, question: Question) -> None:
        super().__init__(f"{SERVICE} cuts its answer to {question.params}: it has too many rows to be verified")
        self.question = question


@dataclass(frozen=True)
class Difference:
    """A count that is not what the dossiers say.

    `label` is the row's unit or level, `window` its period; `since` is the first day on which it shows, if known.
    """

    question: Question
    label: str
    window: str
    count: str
    recounted: int
    answered: int
    since: str | None = None

    @property
    def is_of_a_month(self) -> bool:
        """Say whether it is about a count of one unit alone and one month, so that its day can be found."""
        return not self.question.rate and self.question.by == "unit" and MONTH.fullmatch(self.window) is not None


@dataclass
class Comparison:
    """How many cells were compared so far, and those that differ."""

    recount: Recount
    dossiers: Dossiers
    client: httpx.AsyncClient
    cells: int = 0
    differences: list[Difference] = field(default_factory=list)
    # The counts that answers show, by rate asked for; others are nobody's to compare.
    shown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    async def hold_against(self, questions: Sequence[Question], on_answer: Callable[[int], None]) -> None:
        """Ask each question and compare its answer; `on_answer` is told how many are done.

        Counters go on posting meanwhile: where an answer knows more than the recount, the recount reads on.
        Raises Refused, TooManyRows, UpstreamUnavailable.
        """
        for start in range(0, len(questions), AT_ONCE):
            asked = questions[start : start + AT_ONCE]
            answers = await asyncio.gather(*map(self._answer, asked))
            for question, answer in sorted(zip(asked, answers, strict=True), key=_position):
                await self.dossiers.read_until(_position((question, answer)), self.recount.add)
                self._compare(question, answer)
            on_answer(start + len(asked))

    async def _answer(self, question: Question) -> Answer:
        params = question.params | {"min_position": self.dossiers.position}
        answer: Answer = (await ask(self.client, question.path, service=SERVICE, params=params)).json()
        if answer["truncated"]:
            raise TooManyRows(question)
        return answer

    def _compare(self, question: Question, answer: Answer) -> None:
        answered = {_cell(question, row["group"]): _told(question, row) for row in answer["rows"]}
        shown = self.shown[question.rate]
        shown.update(*answered.values())
        recounted = self._recounted(question)
        for cell in sorted(answered.keys() | recounted.keys()):
            ours, theirs = recounted.get(cell, Counter()), answered.get(cell, {})
            for name in sorted(shown):
                self.cells += 1
                if ours[name] != theirs.get(name, 0):
                    self.differences.append(Difference(question, *cell, name, ours[name], theirs.get(name, 0)))

    def _recounted(self, question: Question) -> dict[Cell, Counter[str]]:
        labels = question.labels(self.dossiers.units)
        return {
            (label, window): _summed(question, counts)
            for window in question.windows
            for label, counts in self.recount.by_label(question.basis, window, labels).items()
        }


def _told(question: Question, row: Answer) -> dict[str, int]:
    """Return the counts of a row, or the two of a rate under its name."""
    if not question.rate:
        counts: dict[str, int] = row["counts"]
        return counts
    return {f"{question.rate}.{part}": row[part] for part in PARTS}


def _summed(question: Question, counts: Counter[str]) -> Counter[str]:
    """Return recounted counts, or what they make of a rate."""
    if not question.rate:
        return counts
    summed = (sum(counts[name] for name in names) for names in RATES[question.rate])
    return Counter({f"{question.rate}.{part}": number for part, number in zip(PARTS, summed, strict=True)})


def _position(asked: tuple[Question, Answer]) -> int:
    return int(asked[1]["through"]["position"])


def _cell(question: Question, group: Mapping[str, str]) -> Cell:
    """Return label and window of a row."""
    return group.get(question.by, ""), group.get(question.slice, question.period)
