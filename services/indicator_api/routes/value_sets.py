"""Several values of one dimension in a query string: `?field=A&field=B`."""

from collections.abc import Callable, Collection
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from indicator_api.domain.online_levels import HIGHEST, LEVELS

# Rule: contract section 1, a stated limit. Every row links to its dossiers and repeats the values: twenty names of
# fields are some 2 kB of an address, of which servers commonly take 8.
MOST_VALUES = 20
LONGEST_LABEL = 300
# What is quoted of a value nobody knows.
MOST_QUOTED = 60

Level = Literal["province", "district", "commune"]
Channel = Literal["direct", "online", "postal", "unknown"]
ONLINE_LEVELS = (*(str(level) for level in range(1, HIGHEST + 1)), *LEVELS)


def printable(text: str) -> str:
    """Refuse what no code or name holds and the database cannot: control characters, NUL above all."""
    if not text.isprintable():
        raise ValueError("holds a character that cannot be printed")
    return text


def _each_once(given: Any) -> list[str]:
    """Return the values in one order, whatever order they came in, so that the same set has the same answer."""
    return sorted({given} if isinstance(given, str) else set(given))


def _known(names: Collection[str]) -> Callable[[Any], list[str]]:
    """Return the reading of a set of values that are all known by name."""

    def read(given: Any) -> list[str]:
        return _all_of(_each_once(given), names.__contains__, f"is none of {', '.join(names)}")

    return read


def _labels(given: Any) -> list[str]:
    """Read a set of codes or names."""
    wanted = f"is not 1 to {LONGEST_LABEL} characters that can be printed"
    return _all_of(_each_once(given), lambda value: 0 < len(value) <= LONGEST_LABEL and value.isprintable(), wanted)


def _all_of(values: list[str], is_good: Callable[[str], bool], otherwise: str) -> list[str]:
    """Return values that are all good, or name the first that is not: its place alone would not find it again."""
    for value in values:
        if not is_good(value):
            quoted = "".join(one if one.isprintable() else "�" for one in value[:MOST_QUOTED])
            raise PydanticCustomError(
                "unknown_value", "'{value}' {otherwise}", {"value": quoted, "otherwise": otherwise}
            )
    return values


_SOME = Field(max_length=MOST_VALUES)
Label = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL), AfterValidator(printable)]
Labels = Annotated[list[Label], _SOME, BeforeValidator(_labels)]
Levels = Annotated[list[Level], _SOME, BeforeValidator(_known(get_args(Level)))]
Channels = Annotated[list[Channel], _SOME, BeforeValidator(_known(get_args(Channel)))]
OnlineLevels = Annotated[
    list[Annotated[str, Field(json_schema_extra={"enum": list(ONLINE_LEVELS)})]],
    _SOME,
    BeforeValidator(_known(ONLINE_LEVELS)),
]


def chosen(values: Collection[str]) -> frozenset[str] | None:
    """Return the values as a selection has them: naming none is asking for all."""
    return frozenset(values) or None
