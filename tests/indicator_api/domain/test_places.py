from datetime import date

from indicator_api.domain.places import Branch, Place, branches_of, covered
from indicator_api.domain.tree import Tree, Unit, tree_of


def tree() -> Tree:
    """Return a province, a department, two districts and two communes of the first."""
    told = [
        ("H35", "province", None),
        ("H35.01", "province", "H35"),
        ("H35.12", "district", "H35"),
        ("H35.13", "district", "H35"),
        ("H35.12.01", "commune", "H35.12"),
        ("H35.12.02", "commune", "H35.12"),
    ]
    opened = date(2004, 1, 1)
    return tree_of(Unit(code, level, parent, opened, None, has_one_stop=True) for code, level, parent in told)


def test_every_unit_with_others_below_it_is_a_branch_by_level() -> None:
    assert branches_of(tree()) == {
        Branch("H35", "province"): {"H35", "H35.01"},
        Branch("H35", "district"): {"H35.12", "H35.13"},
        Branch("H35", "commune"): {"H35.12.01", "H35.12.02"},
        Branch("H35.12", "district"): {"H35.12"},
        Branch("H35.12", "commune"): {"H35.12.01", "H35.12.02"},
    }


PLACES = [
    Place(1, frozenset({"a"})),
    Place(2, frozenset({"b"})),
    Place(3, frozenset({"c"})),
    Place(4, frozenset({"a", "b"})),
    Place(5, frozenset({"a", "b", "c"})),
]


def test_a_cell_is_covered_by_its_largest_place() -> None:
    assert covered({"a": 0, "b": 0, "c": 0}, PLACES) == [(5, 0)]


def test_a_place_lies_within_one_cell() -> None:
    assert covered({"a": 0, "b": 0, "c": 1}, PLACES) == [(4, 0), (3, 1)]


def test_a_place_that_holds_more_than_was_asked_is_left_out() -> None:
    assert covered({"a": 0, "c": 0}, PLACES) == [(1, 0), (3, 0)]


def test_a_unit_without_a_place_has_nothing_to_its_name() -> None:
    assert covered({"a": 0, "z": 0}, PLACES) == [(1, 0)]


def test_a_place_whose_units_have_all_left_covers_nothing() -> None:
    assert covered({"a": 0}, [Place(1, frozenset()), *PLACES]) == [(1, 0)]
