"""What the laboratory shows at first and only torch or scipy could tell, kept in assets/kept.json.

To import them takes longer than the page may take to stand. `python -m seviz remake --only kept`
writes the file.
"""

import json
from functools import cache
from typing import Any

from seviz.nets.embedded import ASSETS
from seviz.nets.variants import HOST_NAMES, PLAIN, STANDARD, Variant

FILE = ASSETS / "kept.json"
VARIANTS = (STANDARD, *(Variant(host, PLAIN) for host in HOST_NAMES))  # whose blocks are kept


def kept(what: str) -> dict[str, Any]:
    """Return the anatomies of VARIANTS, the costs of STANDARD or the quantiles; maybe empty."""
    found: dict[str, Any] = _read().get(what, {})
    return found


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return found
