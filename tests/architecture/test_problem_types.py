"""Every error of the field has its place in one table, and every text can be filled from its facts."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

import dossier_api
import indicator_api
import report_worker
import shared
from motcua import reference
from shared.errors import DomainError
from shared.http.languages import Language
from shared.http.problems import Problem, ProblemCatalogue
from shared.http.service import COMMON_PROBLEMS
from tests.support.problems import UNFILLED

PACKAGES = (dossier_api, indicator_api, report_worker, shared)
MAPS = {service.name: types for service, types in reference.TYPES.items()}
ALL_TYPES = {error: kind for types in (COMMON_PROBLEMS, *MAPS.values()) for error, kind in types.items()}


def errors_under(root: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for error in root.__subclasses__():
        yield error
        yield from errors_under(error)


def read_everything(package: ModuleType) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


for _package in PACKAGES:
    read_everything(_package)
ERRORS = [error for error in errors_under() if error.__module__.partition(".")[0] in {*MAPS, "shared"}]


each_error = pytest.mark.parametrize("error", ERRORS, ids=[error.code for error in ERRORS])
SAMPLES: dict[Any, Any] = {
    str: "x",
    int: 1,
    float: 0.5,
    bool: True,
    date: date(2020, 6, 1),
    datetime: datetime(2020, 6, 1, tzinfo=UTC),
    UUID: UUID(int=1),
    Any: "x",
}


def sample(hint: Any) -> Any:
    """Return some value of a type an error's fact may have."""
    if hint in SAMPLES:
        return SAMPLES[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return sample(inner[0])
    if origin is not None:
        # Members an error's own message may name.
        return {"detail": "x", "identity": "x"} if issubclass(origin, Mapping) else [sample(inner[0])]
    if issubclass(hint, Enum):
        return next(iter(hint))
    return hint(**{name: sample(one) for name, one in get_type_hints(hint).items()})


def instance_of(error: type[DomainError]) -> DomainError:
    hints = get_type_hints(error.__init__)
    hints.pop("return", None)
    return error(**{name: sample(hint) for name, hint in hints.items()})


@each_error
def test_every_error_has_a_problem_type(error: type[DomainError]) -> None:
    service = error.__module__.partition(".")[0]

    # What is shared may be answered by some services only.
    assert error in COMMON_PROBLEMS or error in (ALL_TYPES if service == "shared" else MAPS[service])


def test_codes_are_kebab_case() -> None:
    assert [error.code for error in ERRORS if not re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)] == []


def test_a_code_means_one_thing() -> None:
    """Two services may know the same fact; then it looks the same from outside."""
    looks: dict[str, set[object]] = {}
    for error in ERRORS:
        kind = ALL_TYPES[error]
        looks.setdefault(error.code, set()).add((kind.status, kind.title))

    assert {code: seen for code, seen in looks.items() if len(seen) > 1} == {}


@pytest.mark.parametrize("language", Language)
@each_error
def test_every_text_can_be_filled_and_no_fact_hides_a_member(error: type[DomainError], language: Language) -> None:
    raised = instance_of(error)

    document = ProblemCatalogue(ALL_TYPES, "https://motcua.vn/problems").document(raised, language)

    kind = ALL_TYPES[error]
    assert not set(raised.facts) & set(Problem.model_fields)
    assert (document["status"], document["title"]) == (kind.status, kind.title[language])
    assert not UNFILLED.search(document["detail"])


@each_error
def test_both_languages_tell_the_same_facts(error: type[DomainError]) -> None:
    named = [set(re.findall(r"\{([a-z_]+)", text)) for text in (ALL_TYPES[error].detail.vi, ALL_TYPES[error].detail.en)]

    assert named[0] == named[1]


def test_the_page_of_problem_types_is_what_the_code_says() -> None:
    assert reference.PROBLEMS_PAGE.read_text(encoding="utf-8") == reference.problems_page(), "run `make reference`"
