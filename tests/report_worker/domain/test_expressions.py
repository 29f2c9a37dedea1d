import pytest

from report_worker.domain.expressions import UnreadableExpression, parse_expression

CELLS = {"a": 5, "b": 3, "13": 847, "online.numerator": 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", 5),
        ("a + b", 8),
        ("a - b", 2),
        ("- a + b", -2),
        ("a-b+13", 849),
        ("online.numerator", 2),
        ("0", 0),
        ("1 - a", -4),
    ],
)
def test_sums_and_differences_of_names(text: str, value: int) -> None:
    assert parse_expression(text).value(CELLS) == value


@pytest.mark.parametrize("text", ["", "a +", "a b", "a * b", "a + (b)", "A", "a = b"])
def test_anything_else_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableExpression):
        parse_expression(text)


def test_an_expression_tells_which_names_it_needs() -> None:
    assert parse_expression("a + 1 - b").names == ("a", "b")


def test_a_missing_cell_is_no_zero() -> None:
    with pytest.raises(KeyError):
        parse_expression("a + absent").value(CELLS)
