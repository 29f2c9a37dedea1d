"""The small language of forms: sums and differences of named numbers."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Number = int | float

# These digits mean themselves, unless the form has a column of that number.
LITERALS = {"0": 0, "1": 1}
_TERM = re.compile(r"\s*([+-])?\s*([a-z0-9_]+(?:\.[a-z0-9_]+)?)")


class UnreadableExpression(ValueError):
    """A form's expression is not a sum or difference of names."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a sum or difference of names")


@dataclass(frozen=True)
class Expression:
    """A signed sum of names plus a constant, and the text it was read from."""

    text: str
    terms: tuple[tuple[int, str], ...]
    constant: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names it needs, in their order."""
        return tuple(name for _, name in self.terms)

    def value(self, cells: Mapping[str, Number]) -> Number:
        """Return the value over cells; a missing cell raises KeyError."""
        return self.constant + sum(sign * cells[name] for sign, name in self.terms)

    def typed_value(self, cells: Mapping[str, Number]) -> Number:
        """Return the value over those cells that are there."""
        return self.constant + sum(sign * cells[name] for sign, name in self.terms if name in cells)


def parse_expression(text: str, names: Collection[str] = ()) -> Expression:
    """Read `a + b - c`; every term after the first needs its sign, `names` are no literals.

    Raises UnreadableExpression.
    """
    signed, end = _signed_terms(text)
    if not signed or text[end:].strip():
        raise UnreadableExpression(text)
    literals = {name: value for name, value in LITERALS.items() if name not in names}
    constant = sum(sign * literals[name] for sign, name in signed if name in literals)
    return Expression(text.strip(), tuple(term for term in signed if term[1] not in literals), constant)


def _signed_terms(text: str) -> tuple[list[tuple[int, str]], int]:
    signed: list[tuple[int, str]] = []
    end = 0
    while match := _TERM.match(text, end):
        if signed and match[1] is None:
            raise UnreadableExpression(text)
        signed.append((-1 if match[1] == "-" else 1, match[2]))
        end = match.end()
    return signed, end
