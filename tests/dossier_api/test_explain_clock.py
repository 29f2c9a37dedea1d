"""GET /v1/dossiers/{code}/clock: a due date told so that a citizen can follow it.  Rule: contract section 4."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from motcua.sample.catalogue import catalogue
from tests.dossier_api import wire
from tests.dossier_api.serving import ZONE, Service, post
from tests.dossier_api.wire import BIRTH, DOSSIER, event

VIETNAMESE, ENGLISH = {"Accept-Language": "vi"}, {"Accept-Language": "en"}
DAYS = "Ngày tiếp nhận và ngày nghỉ không tính; hết hạn vào cuối giờ làm việc của ngày cuối cùng"
DAYS_EN = "The day of acceptance and days off do not count; the term ends at the close of its last working day"


@pytest.fixture
async def counter(service: Service, province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of the province in March 2026, with the official days."""
    service.clock.at = datetime(2026, 3, 31, 9, tzinfo=ZONE)
    answer = await province.post("/v1/catalogue", json={"calendar": catalogue()["calendar"]})
    assert answer.status_code == httpx.codes.OK, answer.text
    return province


async def rule(client: httpx.AsyncClient, amount: int | None = 5, unit: str = "working_day", **members: Any) -> None:
    """Set the term and the rules of the one procedure."""
    version = wire.version(processing_time={"amount": amount, "unit": unit}, **members)
    answer = await client.put(f"/v1/procedures/{BIRTH}", json=wire.procedure(BIRTH, version))
    assert answer.status_code == httpx.codes.OK, answer.text


async def tell(client: httpx.AsyncClient, *told: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> None:
    """Post events of one dossier: name, moment, and data where the default will not do."""
    events = [
        event(name, *data, id=f"e{number}", at=f"{at.replace(' ', 'T')}:00+07:00")
        for number, (name, at, *data) in enumerate(told)
    ]
    results = await post(client, *events)
    assert {result["status"] for result in results} == {"accepted"}, results


async def explained(client: httpx.AsyncClient, language: dict[str, str] = VIETNAMESE) -> Any:
    answer = await client.get(f"/v1/dossiers/{DOSSIER}/clock", headers=language)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


async def sentences(client: httpx.AsyncClient, language: dict[str, str] = VIETNAMESE) -> list[str]:
    """Return what is told, from the first step to the conclusion."""
    told = await explained(client, language)
    return [*(step["text"] for step in told["steps"]), told["conclusion"]]


async def test_the_whole_answer_over_a_swap(counter: httpx.AsyncClient) -> None:
    await rule(counter, 3)
    await tell(counter, ("accepted", "2025-12-31 09:00"), ("finished", "2026-01-08 10:00"))

    assert await explained(counter) == {
        "dossier": DOSSIER,
        "processing_time": "3 ngày làm việc",
        "supplement_policy": "restart",
        "due_first": "2026-01-07T17:00:00+07:00",
        "due_statutory": "2026-01-07T17:00:00+07:00",
        "due_current": "2026-01-07T17:00:00+07:00",
        "is_estimate": False,
        "steps": [
            {
                "kind": "counted",
                "start": "2025-12-31T09:00:00+07:00",
                "end": None,
                "text": "Tiếp nhận lúc 09:00 ngày 31/12/2025; thời hạn giải quyết 3 ngày làm việc; "
                "hạn trả kết quả 17:00 ngày 07/01/2026.",
                "rule": f"{DAYS} (Bộ luật Dân sự 2015, Điều 147 và 148)",
                "days_counted": ["2026-01-05", "2026-01-06", "2026-01-07"],
                "days_worked_instead": [],
                "days_skipped": [
                    {"day": "2026-01-01", "why": "Tết Dương lịch – Bộ luật Lao động 2019, Điều 112"},
                    {"day": "2026-01-02", "why": "Nghỉ Tết Dương lịch (hoán đổi) – 12729/VPCP-KGVX 25/12/2025"},
                    {"day": "2026-01-03", "why": "nghỉ cuối tuần"},
                    {"day": "2026-01-04", "why": "nghỉ cuối tuần"},
                ],
                "due_statutory": "2026-01-07T17:00:00+07:00",
                "due_current": None,
            }
        ],
        "conclusion": "Hồ sơ đã giải quyết xong nhưng quá hạn.",
    }


async def test_a_saturday_that_counts_is_explained_in_english(counter: httpx.AsyncClient) -> None:
    await rule(counter, 2)
    await tell(counter, ("accepted", "2026-01-08 09:00"))

    [step] = (await explained(counter, ENGLISH))["steps"]

    assert step["rule"] == f"{DAYS_EN} (Civil Code 2015, art. 147 and 148)"
    assert step["days_counted"] == ["2026-01-09", "2026-01-10"]
    assert step["days_worked_instead"] == [
        {"day": "2026-01-10", "why": "worked in place of another day – 12729/VPCP-KGVX 25/12/2025"}
    ]


ASKED = (
    ("accepted", "2026-03-02 09:00"),
    ("supplement_requested", "2026-03-04 09:00"),
    ("supplemented", "2026-03-10 09:00"),
)
WAITED = "Chờ người nộp bổ sung giấy tờ từ 09:00 ngày 04/03/2026 đến 09:00 ngày 10/03/2026."
RESTARTED = (
    "Nhận đủ giấy tờ lúc 09:00 ngày 10/03/2026; tính lại từ đầu 5 ngày làm việc; hạn trả kết quả mới "
    "17:00 ngày 17/03/2026."
)
PUT_OFF = (
    "Tiếp tục tính từ 09:00 ngày 10/03/2026; hạn trả kết quả chuyển từ 17:00 ngày 09/03/2026 sang "
    "17:00 ngày 13/03/2026."
)
ENDED = "Yêu cầu bổ sung giấy tờ lúc 09:00 ngày 04/03/2026; việc tính thời hạn kết thúc tại đây."
RAN_ON = "Yêu cầu bổ sung giấy tờ từ 09:00 ngày 04/03/2026 đến 09:00 ngày 10/03/2026; thời hạn vẫn tính."


@pytest.mark.parametrize(
    ("policy", "told"),
    [("restart", [WAITED, RESTARTED]), ("exclude", [WAITED, PUT_OFF]), ("end_at_request", [ENDED]), ("none", [RAN_ON])],
)
async def test_each_supplement_policy_tells_what_it_did(
    counter: httpx.AsyncClient, policy: str, told: list[str]
) -> None:
    await rule(counter, supplement_policy=policy)
    await tell(counter, *ASKED, ("finished", "2026-03-10 11:00"))

    first, *later, _ = await sentences(counter)

    assert first.startswith("Tiếp nhận lúc 09:00 ngày 02/03/2026; thời hạn giải quyết 5 ngày làm việc;")
    assert later == told


def resumed(at: str, before: str, due: str) -> str:
    return f"Counting resumed at {at}; the due date moves from 17:00 on {before} to 17:00 on {due}."


async def test_a_payment_and_an_outage_put_the_date_off(counter: httpx.AsyncClient) -> None:
    await rule(counter)
    await tell(
        counter,
        ("accepted", "2026-03-02 09:00"),
        ("payment_requested", "2026-03-03 09:00"),
        ("paid", "2026-03-05 09:00"),
        ("outage_started", "2026-03-06 09:00"),
        ("outage_ended", "2026-03-09 08:00"),
    )

    assert (await sentences(counter, ENGLISH))[1:] == [
        "Waited for a payment from 09:00 on 3 March 2026 until 09:00 on 5 March 2026.",
        resumed("09:00 on 5 March 2026", "9 March 2026", "11 March 2026"),
        "The system was down from 09:00 on 6 March 2026 until 08:00 on 9 March 2026.",
        resumed("08:00 on 9 March 2026", "11 March 2026", "12 March 2026"),
        "In process, overdue.",
    ]
    waited = (await explained(counter))["steps"][1]
    assert waited["days_counted"] == ["2026-03-04", "2026-03-05"]


async def test_an_extension_names_both_dates(counter: httpx.AsyncClient) -> None:
    await rule(counter)
    written = {"due_at": "2026-03-20T17:00:00+07:00", "reason": "consultation"}
    await tell(counter, ("accepted", "2026-03-06 09:00"), ("extended", "2026-03-12 09:00", written))

    [_, extended] = (await explained(counter))["steps"]

    assert extended["text"] == (
        "Lúc 09:00 ngày 12/03/2026, cơ quan hẹn lại đến 17:00 ngày 20/03/2026; "
        "hạn luật định vẫn là 17:00 ngày 13/03/2026."
    )
    assert "NĐ 61/2018, Điều 19 khoản 9" in extended["rule"]


async def test_an_extension_while_papers_are_awaited_splits_nothing(counter: httpx.AsyncClient) -> None:
    await rule(counter)
    written = {"due_at": "2026-03-20T17:00:00+07:00", "reason": "consultation"}
    await tell(counter, *ASKED[:2], ("extended", "2026-03-05 09:00", written), ASKED[2])

    steps = (await explained(counter))["steps"]

    assert [step["kind"] for step in steps] == ["counted", "stopped_for_supplement", "extended", "restarted"]
    assert steps[1]["text"] == WAITED


async def test_working_hours_count_from_the_very_day(counter: httpx.AsyncClient) -> None:
    """Rule: clock vector 17: 8 hours from 1 September, a holiday."""
    await rule(counter, 8, "working_hour")
    await tell(counter, ("accepted", "2025-09-01 10:00"))

    [step] = (await explained(counter))["steps"]

    assert step["text"].endswith("thời hạn giải quyết 8 giờ làm việc; hạn trả kết quả 08:00 ngày 04/09/2025.")
    assert step["rule"].startswith("Chỉ tính giờ làm việc của cơ quan, kể từ lúc tiếp nhận")
    assert step["days_counted"] == ["2025-09-03", "2025-09-04"]
    assert [day["day"] for day in step["days_skipped"]] == ["2025-09-01", "2025-09-02"]


async def test_calendar_days_all_count_but_a_last_one_off(counter: httpx.AsyncClient) -> None:
    await rule(counter, 10, "calendar_day")
    await tell(counter, ("accepted", "2026-03-04 10:00"))

    [step] = (await explained(counter))["steps"]

    assert step["text"].endswith("thời hạn giải quyết 10 ngày; hạn trả kết quả 17:00 ngày 16/03/2026.")
    assert step["days_counted"] == [*(f"2026-03-{day:02}" for day in range(5, 14)), "2026-03-16"]
    assert [day["day"] for day in step["days_skipped"]] == ["2026-03-14", "2026-03-15"]


async def test_no_limit_is_said_plainly(counter: httpx.AsyncClient) -> None:
    await rule(counter, None)
    await tell(counter, ("accepted", "2026-03-04 10:00"))

    assert await sentences(counter) == [
        "Tiếp nhận lúc 10:00 ngày 04/03/2026; thủ tục không quy định thời hạn giải quyết.",
        "Hồ sơ đang được giải quyết; thủ tục không quy định thời hạn.",
    ]
    await post(counter, event("finished", id="end", at="2026-03-05T10:00:00+07:00"))
    assert (await sentences(counter, ENGLISH))[-1] == (
        "Finished; the procedure has no time limit, so it is neither on time nor late."
    )


async def test_a_printed_date_stands_beside_the_counted_one(counter: httpx.AsyncClient) -> None:
    await rule(counter)
    printed = wire.accepted(due_at="2026-03-06T17:00:00+07:00")
    await tell(counter, ("accepted", "2026-03-02 09:00", printed))

    [counted, promised] = (await explained(counter))["steps"]

    assert (counted["due_statutory"], promised["due_statutory"]) == (
        "2026-03-09T17:00:00+07:00",
        "2026-03-06T17:00:00+07:00",
    )
    assert promised["text"] == "Giấy hẹn ghi ngày trả kết quả 17:00 ngày 06/03/2026."


async def test_late_in_the_day_counts_from_the_next(counter: httpx.AsyncClient) -> None:
    await rule(counter, 1, late_acceptance_after="15:00")
    await tell(counter, ("accepted", "2026-03-06 15:01"))

    [moved, counted] = (await explained(counter))["steps"]

    assert moved["text"] == "Tiếp nhận lúc 15:01 ngày 06/03/2026, coi như tiếp nhận ngày 09/03/2026."
    assert counted["days_counted"] == ["2026-03-10"]


async def test_a_stop_that_still_lasts_lasts_until_now(counter: httpx.AsyncClient) -> None:
    await rule(counter)
    await tell(counter, *ASKED[:2])

    assert (await sentences(counter))[1:] == [
        "Chờ người nộp bổ sung giấy tờ từ 09:00 ngày 04/03/2026 đến nay.",
        "Hồ sơ đang chờ người nộp bổ sung giấy tờ.",
    ]


async def test_a_stop_ends_with_the_dossier(counter: httpx.AsyncClient) -> None:
    await rule(counter)
    await tell(counter, *ASKED[:2], ("withdrawn", "2026-03-06 09:00"))

    assert (await sentences(counter, ENGLISH))[1:] == [
        "Waited for missing papers from 09:00 on 4 March 2026 until 09:00 on 6 March 2026.",
        "The applicant withdrew the dossier.",
    ]


@pytest.mark.parametrize(
    ("events", "conclusion"),
    [
        ([], "Hồ sơ đã nộp, chưa được tiếp nhận; thời hạn chưa bắt đầu tính."),
        ([("refused", "2026-03-02 10:00")], "Hồ sơ không được tiếp nhận."),
    ],
    ids=["filed", "refused"],
)
async def test_before_acceptance_no_term_runs(
    counter: httpx.AsyncClient, events: list[tuple[str, str]], conclusion: str
) -> None:
    await tell(counter, ("submitted", "2026-03-02 09:00"), *events)

    assert await sentences(counter) == [conclusion]


async def test_what_rests_on_an_estimated_year_says_so(counter: httpx.AsyncClient, service: Service) -> None:
    service.clock.at = datetime(2026, 12, 31, 9, tzinfo=ZONE)
    await rule(counter, 2)
    await tell(counter, ("accepted", "2026-12-30 09:00"))

    told = await explained(counter)
    read = (await counter.get(f"/v1/dossiers/{DOSSIER}")).json()

    assert (told["due_statutory"], told["is_estimate"]) == ("2027-01-04T17:00:00+07:00", True)
    assert "due_on_estimate" in read["flags"]
    assert told["steps"][0]["days_skipped"][0] == {
        "day": "2027-01-01",
        "why": "Tết Dương lịch (dự kiến) – chưa có quyết định",
    }
