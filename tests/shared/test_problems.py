import pytest
from structlog.testing import capture_logs

from tests.shared.serving import SECRET, client_of
from tests.support.problems import INSTANCE, assert_bare_problem, assert_problem


async def test_a_problem_says_type_title_status_detail_instance_and_facts_in_vietnamese() -> None:
    async with client_of() as client:
        answer = await client.get("/closed")

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "vi"
    assert answer.headers["retry-after"] == "60"
    document = answer.json()
    assert INSTANCE.fullmatch(document.pop("instance"))
    assert document == {
        "type": "https://motcua.vn/problems/counter-closed",
        "title": "Quầy đã đóng",
        "status": 409,
        "detail": "Quầy 2 đã đóng.",
        "counter": "2",
    }


async def test_a_problem_is_told_in_english_to_who_asks_for_it() -> None:
    async with client_of() as client:
        answer = await client.get("/closed", headers={"Accept-Language": "en"})

    assert answer.headers["content-language"] == "en"
    assert (answer.json()["title"], answer.json()["detail"]) == ("Counter closed", "Counter 2 is closed.")


@pytest.mark.parametrize(
    ("language", "detail"), [("vi", "Còn thiếu: a map, a photo."), ("en", "These are missing: a map, a photo.")]
)
async def test_several_facts_are_told_one_after_the_other(language: str, detail: str) -> None:
    async with client_of() as client:
        answer = await client.get("/papers", headers={"Accept-Language": language})

    assert answer.json()["detail"] == detail
    assert answer.json()["papers"] == ["a map", "a photo"]


async def test_each_occurrence_has_an_instance_of_its_own() -> None:
    async with client_of() as client:
        instances = {(await client.get("/closed")).json()["instance"] for _ in range(3)}

    assert len(instances) == 3


@pytest.mark.parametrize(
    ("method", "path", "status", "language", "detail"),
    [
        pytest.param("GET", "/nowhere", 404, "vi", "Không có đường dẫn này", id="unknown-path-vi"),
        pytest.param("GET", "/nowhere", 404, "en", "No such path", id="unknown-path-en"),
        pytest.param("DELETE", "/closed", 405, "vi", "Đường dẫn này không nhận", id="wrong-method-vi"),
        pytest.param("DELETE", "/closed", 405, "en", "This path does not take", id="wrong-method-en"),
        pytest.param("GET", "/crash", 500, "vi", "Lỗi nội bộ", id="crash-vi"),
        pytest.param("GET", "/crash", 500, "en", "Internal error", id="crash-en"),
        pytest.param("GET", "/unsupported", 415, "vi", "Kiểu nội dung", id="media-type-vi"),
        pytest.param("GET", "/unsupported", 415, "en", "The media type", id="media-type-en"),
    ],
)
async def test_what_means_no_more_than_its_status_is_about_blank(
    method: str, path: str, status: int, language: str, detail: str
) -> None:
    with capture_logs():
        async with client_of() as client:
            answer = await client.request(method, path, headers={"Accept-Language": language})

    assert_bare_problem(answer, status)
    assert answer.headers["content-language"] == language
    assert answer.json()["detail"].startswith(detail)


async def test_a_wrong_method_is_told_the_right_ones() -> None:
    async with client_of() as client:
        answer = await client.delete("/closed")

    assert answer.headers["allow"] == "GET"


async def test_a_crash_tells_its_cause_to_the_log_alone() -> None:
    with capture_logs() as logs:
        async with client_of() as client:
            answer = await client.get("/crash")

    assert SECRET not in answer.text
    assert "RuntimeError" not in answer.text
    [entry] = logs
    assert (entry["instance"], str(entry["exc_info"])) == (answer.json()["instance"], SECRET)


async def test_a_body_too_large_is_413() -> None:
    async with client_of(max_body_bytes=1000) as client:
        answer = await client.post("/visits", json={"papers": {"x" * 2000: 1}})

    assert_bare_problem(answer, 413)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        pytest.param(b'{"papers": {"birth/copy": "many"}}', {"pointer": "#/papers/birth~1copy"}, id="escaped"),
        pytest.param(b'{"papers": 1}', {"pointer": "#/papers"}, id="inside"),
        pytest.param(b"{}", {"pointer": "#/papers"}, id="missing"),
        pytest.param(b"[]", {"pointer": "#"}, id="the-whole-body"),
        pytest.param(b'{"papers": ', {"pointer": "#"}, id="not-json"),
        pytest.param(b"", {"pointer": "#"}, id="empty"),
    ],
)
async def test_an_unreadable_body_is_422_with_a_pointer(body: bytes, place: dict[str, str]) -> None:
    async with client_of() as client:
        answer = await client.post("/visits", content=body, headers={"content-type": "application/json"})

    [error] = answer.json()["errors"]
    detail = error.pop("detail")
    assert error == place
    assert_problem(answer, 422, "invalid-request", errors=[{"detail": detail, **place}])


async def test_an_unreadable_parameter_is_422_with_its_name() -> None:
    async with client_of() as client:
        answer = await client.post("/visits?day=0", json={"papers": {}})

    detail = "Input should be greater than or equal to 1"
    assert_problem(answer, 422, "invalid-request", errors=[{"detail": detail, "parameter": "day"}])
