"""What a result is of, in a line."""

from pathlib import Path

from seviz.records.provenance import NetworkFile, Provenance

DIGITS = 8  # of a digest


def provenance_words(of: Provenance) -> str:
    """Name photographs, network, input, device and version, each with the start of its digest."""
    photographs = [f"{Path(p.path).name} ({_digest(p.sha256)})" for p in of.photographs]
    data = [] if of.data is None else [of.data]
    network = _network_words(of.network)
    if of.twin is not None:
        network += f", twin {_network_words(of.twin)}"
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


def _network_words(network: NetworkFile) -> str:
    name = network.key or network.file or network.title
    digest = "" if network.sha256 is None else f", {_digest(network.sha256)}"
    return f"{name} ({network.architecture}{digest})"


def _digest(sha256: str) -> str:
    return f"sha256 {sha256[:DIGITS]}…"
