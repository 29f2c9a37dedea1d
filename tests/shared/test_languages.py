import pytest

from shared.http.languages import Language, preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        pytest.param("", Language.VI, id="nothing-asked"),
        pytest.param("vi", Language.VI, id="vi"),
        pytest.param("en", Language.EN, id="en"),
        pytest.param("EN-us", Language.EN, id="region-and-case"),
        pytest.param("en-GB;q=0.9, vi-VN;q=0.8", Language.EN, id="english-weighs-more"),
        pytest.param("en;q=0.8,vi;q=0.9", Language.VI, id="vietnamese-weighs-more"),
        pytest.param("en;Q=0.1, vi;q=0.9", Language.VI, id="weight-in-capitals"),
        pytest.param("en, vi", Language.EN, id="first-of-equals"),
        pytest.param("fr, en;q=0.3", Language.EN, id="next-best"),
        pytest.param("fr", Language.VI, id="neither"),
        pytest.param("*", Language.VI, id="any"),
        pytest.param("en;q=0", Language.VI, id="english-refused"),
        pytest.param("en;q=many", Language.VI, id="unreadable-weight"),
        pytest.param("english", Language.VI, id="no-such-tag"),
    ],
)
def test_accept_language(header: str, language: Language) -> None:
    assert preferred(header) is language
