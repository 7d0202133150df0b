"""What a result is of, in a line."""

import re
from pathlib import Path

from seviz.records.provenance import NetworkFile, Provenance

DIGITS = 8  # of a digest


def provenance_words(of: Provenance) -> str:
    """Name photographs, network, input, device and version, each with the start of its digest."""
    photographs = [f"{Path(p.path).name} ({_digest(p.sha256)})" for p in of.photographs]
    data = [] if of.data is None else [of.data]
    network = _network_words(of.network)
    if of.twin is not None:
        network += f", {_network_words(of.twin, 'twin')}"
    return " · ".join(
        [
            *photographs,
            *data,
            network,
            "×".join(map(str, reversed(of.input_size[1:]))) + " pixels",
            f"{of.device}, {of.precision}",
            f"seviz {of.versions['seviz']}",
        ]
    )


def network_title(network: NetworkFile) -> str:
    """Name a network by its title, key or file, and architecture, each where no other says it."""
    named, title = network.key or network.file or "in memory", network.title
    if not _says(title, named):
        title += f" ({named})"
    return title if _says(title, network.architecture) else f"{title}, {network.architecture}"


def _says(title: str, name: str) -> bool:
    """Tell whether a title has a name in it, as a word of its own."""
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", title) is not None


def _network_words(network: NetworkFile, role: str = "") -> str:
    """Name a network's key or file, and its weights; role: what it is, where its key differs."""
    name = network.key or network.file or network.title
    named = name if role in ("", name) else f"{role} {name}"
    digest = "" if network.sha256 is None else f", {_digest(network.sha256)}"
    return f"{named} ({network.architecture}{digest})"


def _digest(sha256: str) -> str:
    return f"sha256 {sha256[:DIGITS]}…"
