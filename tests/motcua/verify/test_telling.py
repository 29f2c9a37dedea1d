import io

import pytest
from rich.console import Console

from motcua.verify.comparing import Difference
from motcua.verify.questions import EVER, Question
from motcua.verify.telling import Telling
from shared.http.languages import Language

MONTH = Difference(
    Question("H35", "unit", "2020-01", "statutory"), "H35.15.14", "2020-01", "returned", 10, 9, "2020-01-03"
)
LEVEL = Difference(Question("H35", "level", EVER, "current"), "district", EVER, "open", 1, 2)
SUBTREE = Difference(Question("H35.15", "", "2020", "current", "quarter"), "", "2020-Q1", "supplement_requests", 3, 4)


def told(language: Language, *differences: Difference) -> list[str]:
    written = io.StringIO()
    Telling(Console(file=written, width=40), language).conclude(
        dossiers=37_633, position=111_953, cells=139_440, differences=differences
    )
    return written.getvalue().splitlines()


def test_every_difference_is_a_line_that_no_terminal_cuts() -> None:
    assert told(Language.VI, MONTH, LEVEL, SUBTREE) == [
        "Đơn vị\tGồm\tKỳ\tTừ ngày\tCăn cứ\tSố đếm\tTheo hồ sơ\tSố liệu",
        "H35.15.14\triêng đơn vị\t2020-01\t2020-01-03\thạn luật định\treturned\t10\t9",
        "H35\tcấp huyện\tmọi thời gian\t-\thạn hiện hành\topen\t1\t2",
        "H35.15\tcả cấp dưới\t2020-Q1\t-\thạn hiện hành\tsupplement_requests\t3\t4",
        "Đã đếm lại 37.633 hồ sơ đến vị trí 111.953 và đối chiếu 139.440 số liệu: 3 số liệu sai lệch.",
    ]


@pytest.mark.parametrize(
    ("language", "verdict"),
    [
        (Language.VI, "Đã đếm lại 37.633 hồ sơ đến vị trí 111.953 và đối chiếu 139.440 số liệu: khớp hoàn toàn."),
        (
            Language.EN,
            "Recounted 37,633 dossiers up to position 111,953 and compared 139,440 figures: nothing differs.",
        ),
    ],
)
def test_that_nothing_differs_is_told_in_the_readers_language(language: Language, verdict: str) -> None:
    assert told(language) == [verdict]
