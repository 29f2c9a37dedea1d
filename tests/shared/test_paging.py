import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidRequest
from shared.http.paging import Page, cursor_of, key_of, page_of


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(key=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_a_cursor_gives_its_key_back(key: list[str]) -> None:
    assert key_of(cursor_of(key), parts=len(key)) == key


def test_no_cursor_is_the_beginning() -> None:
    assert key_of(None, parts=1) is None


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("", id="empty"),
        pytest.param("a", id="no-base64"),
        pytest.param("é", id="no-ascii"),
        pytest.param("_w", id="no-utf-8"),
        pytest.param(encoded("no json"), id="no-json"),
        pytest.param(encoded('{"a": "b"}'), id="no-list"),
        pytest.param(encoded("[1]"), id="no-text"),
        pytest.param(cursor_of(["a", "b"]), id="of-a-list-with-a-longer-key"),
        pytest.param(cursor_of([]), id="of-a-list-with-no-key"),
        pytest.param(encoded("[" * 5000), id="too-deep"),
        pytest.param(cursor_of(["a\0"]), id="a-text-no-database-takes"),
    ],
)
def test_a_cursor_this_list_did_not_give_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        key_of(cursor, parts=1)

    assert refused.value.errors == [{"parameter": "cursor", "detail": "not a cursor given by this list"}]


@pytest.mark.parametrize(
    ("found", "page"),
    [
        pytest.param("", Page(items=[], next=None, has_more=False), id="empty"),
        pytest.param("a", Page(items=["a"], next=None, has_more=False), id="short"),
        pytest.param("ab", Page(items=["a", "b"], next=None, has_more=False), id="just-full"),
        pytest.param("abc", Page(items=["a", "b"], next=cursor_of(["b"]), has_more=True), id="one-more"),
    ],
)
def test_a_page_tells_whether_there_is_more_by_the_one_read_beyond_it(found: str, page: Page[str]) -> None:
    assert page_of(list(found), limit=2, key=lambda item: [item]) == page
