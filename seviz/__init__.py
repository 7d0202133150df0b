"""seviz: open up a Squeeze-and-Excitation network and watch it think.

What a script needs, imported when it is first used: `import seviz` alone brings neither torch nor
Gradio.

    import seviz

    network = seviz.load("embedded")  # or seviz.wrap(module) of your own
    traced = network.trace("photo.jpg", arms=["intact", "static", "SE_5*=1"])
    gates = traced.to_arrays()["s/SE_4_6"]  # 3 arms × 384 channels
    traced.figure().write_html("gates.html")
    blocks = network.necessity("photo.jpg").to_dict()["blocks"]

A result shows itself in a notebook, and every one has `to_dict`, `to_arrays` and `figure`.

load          a network of the catalogue, or a file of weights, as a Network
wrap          a module of your own, as a Network; it is not copied
Network       its methods ask: trace, attribute, necessity, channels, compare, compare_with, profile
launch        the page, opened on networks
read_photo    a photograph's file or bytes, as RGB
trace         a network, a photograph and arms in, a Trace out: one pass, and nothing around it
Trace         the record: squeeze z, gates s and logits, arm by arm
Arm           a network with its gates edited: INTACT, STATIC, IDENTITY, UNIFORM, SHUFFLED, TWIN, …
parse_arms    arms from text, as the command line takes them
recorded_for  the gates that STATIC and resampled arms put in place
Profile       gate statistics over a data set, as `python -m seviz profile` writes them
Probe         the gates of any torch module that has SE blocks, captured and edited
SEBlock       the article's block, for a module of your own
register      where the parts of a class of SE blocks are, if seviz can't tell
unregister    takes that back
UserError     one sentence on what is wrong with what was given
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seviz.errors import UserError
    from seviz.gates.grammar import parse_arms
    from seviz.gates.kinds import register, unregister
    from seviz.gates.probe import Probe
    from seviz.library.launching import launch
    from seviz.library.network import Network
    from seviz.library.opening import load, wrap
    from seviz.library.tracing import trace
    from seviz.nets.block import SEBlock
    from seviz.photos.read import read_photo
    from seviz.records.arms import IDENTITY, INTACT, SHUFFLED, STATIC, TWIN, UNIFORM, Arm
    from seviz.records.trace import Trace
    from seviz.reference.profile import Profile
    from seviz.reference.recorded import recorded_for

__version__ = "0.1.0"
__all__ = [
    "IDENTITY",
    "INTACT",
    "SHUFFLED",
    "STATIC",
    "TWIN",
    "UNIFORM",
    "Arm",
    "Network",
    "Probe",
    "Profile",
    "SEBlock",
    "Trace",
    "UserError",
    "__version__",
    "launch",
    "load",
    "parse_arms",
    "read_photo",
    "recorded_for",
    "register",
    "trace",
    "unregister",
    "wrap",
]

_MODULES = {  # by name, where it is imported from
    **dict.fromkeys(
        ("IDENTITY", "INTACT", "SHUFFLED", "STATIC", "TWIN", "UNIFORM", "Arm"), "seviz.records.arms"
    ),
    "Network": "seviz.library.network",
    "Probe": "seviz.gates.probe",
    "Profile": "seviz.reference.profile",
    "SEBlock": "seviz.nets.block",
    "Trace": "seviz.records.trace",
    "UserError": "seviz.errors",
    "launch": "seviz.library.launching",
    "load": "seviz.library.opening",
    "parse_arms": "seviz.gates.grammar",
    "read_photo": "seviz.photos.read",
    "recorded_for": "seviz.reference.recorded",
    "register": "seviz.gates.kinds",
    "trace": "seviz.library.tracing",
    "unregister": "seviz.gates.kinds",
    "wrap": "seviz.library.opening",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
