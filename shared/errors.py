"""The root of every error that carries facts instead of a status."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A rule of the field was not met; the attributes are the facts of the case.

    `code` is public, kebab-case and never reused: it ends the problem's `type`.
    """

    code: ClassVar[str]

    @property
    def facts(self) -> dict[str, Any]:
        """Return the public facts, by name, as they were given."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


class InvalidRequest(DomainError):
    """A request cannot be read as what it should be; each error says where and why."""

    code = "invalid-request"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("; ".join(error["detail"] for error in errors))
        self.errors = errors

    @classmethod
    def at_parameter(cls, parameter: str, detail: str) -> "InvalidRequest":
        """Build the error of one query or path parameter."""
        return cls([{"parameter": parameter, "detail": detail}])

    @classmethod
    def at_pointer(cls, pointer: str, detail: str) -> "InvalidRequest":
        """Build the error of one place in the body, as a JSON pointer fragment (`#/time`)."""
        return cls([{"pointer": pointer, "detail": detail}])
