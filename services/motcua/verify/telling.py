"""What the verification tells people, in Vietnamese or English."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from motcua.verify.comparing import Difference
from motcua.verify.questions import EVER
from shared.http.languages import Language, Text


class Stage(Enum):
    """The parts of the work, each with a bar."""

    READING = Text("Đọc luồng sự kiện", "Reading the feed")
    COUNTING = Text("Đếm lại hồ sơ", "Counting dossiers")
    ASKING = Text("Đối chiếu số liệu", "Comparing figures")
    DATING = Text("Tìm ngày sai lệch", "Finding the days")


HEADINGS = (
    Text("Đơn vị", "Unit"),
    Text("Gồm", "Of"),
    Text("Kỳ", "Period"),
    Text("Từ ngày", "From day"),
    Text("Căn cứ", "Basis"),
    Text("Số đếm", "Count"),
    Text("Theo hồ sơ", "Expected"),
    Text("Số liệu", "Found"),
)
BASIS_NAMES = {"statutory": Text("hạn luật định", "statutory"), "current": Text("hạn hiện hành", "current")}
LEVEL_NAMES = {
    "province": Text("cấp tỉnh", "province"),
    "district": Text("cấp huyện", "district"),
    "commune": Text("cấp xã", "commune"),
}
ALONE = Text("riêng đơn vị", "the unit alone")
WITH_ALL_BELOW = Text("cả cấp dưới", "with all below")
ALL_TIME = Text("mọi thời gian", "all time")
NOTHING_DIFFERS = Text(
    "Đã đếm lại {dossiers} hồ sơ đến vị trí {position} và đối chiếu {cells} số liệu: khớp hoàn toàn.",
    "Recounted {dossiers} dossiers up to position {position} and compared {cells} figures: nothing differs.",
)
SOMETHING_DIFFERS = Text(
    "Đã đếm lại {dossiers} hồ sơ đến vị trí {position} và đối chiếu {cells} số liệu: {differences} số liệu sai lệch.",
    "Recounted {dossiers} dossiers up to position {position} and compared {cells} figures: {differences} differ.",
)


class Telling:
    """Shows how far the work has come; where nobody watches, nothing."""

    def __init__(self, console: Console, language: Language) -> None:
        self._console = console
        self._language = language

    @contextmanager
    def stage(self, stage: Stage, total: int) -> Iterator[Callable[[int], None]]:
        """Show a bar; what is yielded takes how much is done."""
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, disable=not self._console.is_terminal) as bar:
            task = bar.add_task(stage.value[self._language], total=total)
            yield lambda done: bar.update(task, completed=done)

    def conclude(self, *, dossiers: int, position: int, cells: int, differences: Sequence[Difference]) -> None:
        """Print every difference, then what it all comes to."""
        if differences:
            self._print_lines(differences)
        verdict = SOMETHING_DIFFERS if differences else NOTHING_DIFFERS
        facts = {"dossiers": dossiers, "position": position, "cells": cells, "differences": len(differences)}
        shown = {name: self._whole(number) for name, number in facts.items()}
        self._console.print(verdict[self._language].format_map(shown), soft_wrap=True, highlight=False)

    def _print_lines(self, differences: Sequence[Difference]) -> None:
        """Print tabs between the columns: a table would be cut by a narrow terminal, and a cut line names nothing.

        Past the console, which would turn the tabs into spaces.
        """
        headings = tuple(heading[self._language] for heading in HEADINGS)
        for row in (headings, *map(self._row, differences)):
            self._console.file.write("\t".join(row) + "\n")

    def _row(self, difference: Difference) -> tuple[str, ...]:
        question = difference.question
        return (
            difference.label if question.by == "unit" else question.unit_code,
            self._scope(difference),
            ALL_TIME[self._language] if difference.window == EVER else difference.window,
            difference.since or "-",
            BASIS_NAMES[question.basis][self._language],
            difference.count,
            str(difference.recounted),
            str(difference.answered),
        )

    def _scope(self, difference: Difference) -> str:
        match difference.question.by:
            case "unit":
                return ALONE[self._language]
            case "level":
                return LEVEL_NAMES[difference.label][self._language]
            case _:
                return WITH_ALL_BELOW[self._language]

    def _whole(self, number: int) -> str:
        grouped = f"{number:,}"
        return grouped.replace(",", ".") if self._language is Language.VI else grouped
