"""Bodies made small for slow lines, always to the same bytes."""

import gzip

from starlette.datastructures import Headers

# Below this a header more costs what is gained.
SMALLEST_BYTES = 1024
LEVEL = 5
_COMPRESSIBLE = ("application/json", "text/", "application/vnd.json-stat+json", "application/cloudevents")


def compressed(body: bytes, *, asked: Headers, answered: Headers) -> bytes | None:
    """Return the gzipped body, None where the reader does not take it or nothing is gained.

    The same body gives the same bytes: the instant of compression, which gzip would note, is left out.
    """
    if len(body) < SMALLEST_BYTES or "content-encoding" in answered:
        return None
    if not answered.get("content-type", "").startswith(_COMPRESSIBLE) or not _takes_gzip(asked):
        return None
    return gzip.compress(body, LEVEL, mtime=0)


def _takes_gzip(asked: Headers) -> bool:
    for choice in asked.get("accept-encoding", "").split(","):
        coding, _, weight = choice.strip().lower().partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
