"""A client made from nothing but a service's OpenAPI description."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it ships no types

JSON = "application/json"
PROBLEM = "application/problem+json"
# A text that names nothing: what the caller does not know by name is asked for in vain, and told so as described.
NOTHING = "none"
Spec = dict[str, Any]
Values = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Operation:
    """One GET as the description tells it; `values` are what the caller knows about its parameters, by name."""

    spec: Spec
    path: str
    described: Mapping[str, Any]
    values: Values = field(default_factory=dict)
    # By status; made once, for making one reads the whole description.
    validators: dict[int, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.described["operationId"])

    def calls(self) -> Iterator[dict[str, Any]]:
        """Yield the required parameters alone, then each further value of each parameter; no combinations."""
        first = self._first
        yield first
        for one in self._parameters:
            for sample in self._samples(one):
                if first.get(one["name"]) != sample:
                    yield first | {one["name"]: sample}

    def wrong_calls(self) -> Iterator[dict[str, Any]]:
        """Yield calls with one parameter that cannot be read, or names nothing."""
        first = self._first
        for one in self._parameters:
            if _kinds(self._schema(one)) != {"string"} or one["in"] == "path":
                yield first | {one["name"]: "‽"}

    def url(self, call: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return path and query of a call."""
        inside = {one["name"] for one in self._parameters if one["in"] == "path"}
        path = self.path.format_map({name: call[name] for name in inside})
        return path, {name: _written(value) for name, value in call.items() if name not in inside}

    def complaints(self, response: httpx.Response) -> Iterator[str]:
        """Yield everything about an answer that its description does not allow."""
        where = f"{self.id} {response.url}"
        documented = self.described["responses"].get(str(response.status_code))
        if documented is None:
            yield f"{where}: status {response.status_code} is not described: {response.text[:300]}"
            return
        media_type = response.headers["content-type"].partition(";")[0]
        content = documented.get("content", {})
        if media_type not in content:
            yield f"{where}: {media_type} is not described among {list(content)}"
            return
        if media_type in {JSON, PROBLEM} and "schema" in (content.get(media_type) or content[JSON]):
            if response.status_code not in self.validators:
                schema = content[media_type].get("schema") or content[JSON]["schema"]
                self.validators[response.status_code] = _validator(self.spec, schema)
            for error in self.validators[response.status_code].iter_errors(response.json()):
                yield f"{where}: {error.json_path}: {error.message[:300]}"

    @property
    def _first(self) -> dict[str, Any]:
        return {one["name"]: self._samples(one)[0] for one in self._parameters if one.get("required")}

    @property
    def _parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = self.described.get("parameters", [])
        return parameters

    def _schema(self, parameter: Mapping[str, Any]) -> dict[str, Any]:
        return _resolved(self.spec, parameter["schema"])

    def _samples(self, parameter: Mapping[str, Any]) -> Sequence[Any]:
        name = parameter["name"]
        return self.values.get(f"{self.id}.{name}") or self.values.get(name) or _samples(self._schema(parameter))


def operations(spec: Spec, values: Values) -> list[Operation]:
    """Return every described GET of the service."""
    return [
        Operation(spec, path, methods["get"], values)
        for path, methods in spec["paths"].items()
        if "get" in methods and path.startswith("/v1")
    ]


def strict(spec: Spec) -> Spec:
    """Return the description with every object closed that does not say it is open.

    A member that is answered but not described is then an error, not a surprise.
    """
    closed = {
        name: {"additionalProperties": False, **schema} if "properties" in schema else schema
        for name, schema in spec["components"]["schemas"].items()
    }
    return {**spec, "components": {**spec["components"], "schemas": closed}}


def _validator(spec: Spec, schema: Mapping[str, Any]) -> Any:
    return Draft202012Validator({**schema, "components": spec["components"]}, format_checker=FormatChecker())


def _resolved(spec: Spec, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without references, the alternative null left out."""
    if "$ref" in schema:
        return _resolved(spec, spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        (only,) = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return _resolved(spec, only)
    if schema.get("type") == "array":
        return {**schema, "items": _resolved(spec, schema["items"])}
    return dict(schema)


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    """Return what tells a plain text from what can be written wrongly."""
    return {schema["type"], *({"enum", "format", "pattern"} & schema.keys())}


def _samples(schema: Mapping[str, Any]) -> list[Any]:
    """Return values the schema itself allows."""
    match schema:
        case {"enum": members}:
            return list(members)
        case {"type": "array", "items": items}:
            return [[sample] for sample in _samples(items)]
        case {"type": "boolean"}:
            return [True, False]
        case {"type": "integer" | "number"}:
            return [schema[name] for name in ("minimum", "default") if name in schema]
        case _:
            return [NOTHING]


def _written(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
