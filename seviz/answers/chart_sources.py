"""What a chart is of, in a line that is printed under its title where the chart is saved.

The line names the network, the photograph or the images, and the command that makes the same again.
A network in memory has no command, as no file holds it. What a command is to be given, such as the
images, and is not known here, stands in it in capital letters.
"""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from seviz.answers.provenance import (
    change_options,
    known_source,
    network_words,
    photo_word,
    photo_words,
    question_words,
    trace_command,
)
from seviz.nets.results import Results
from seviz.records.analysis import AlphaPath, Effects, Necessity
from seviz.records.arms import STATIC, Arm
from seviz.records.attribution import Attribution
from seviz.records.drift import Changing
from seviz.records.losses import SetNecessity
from seviz.records.network_pair import GateSimilarity
from seviz.records.target import (
    ClassTarget,
    Followed,
    Gate,
    GateAnswer,
    class_of,
    target_text,
)
from seviz.records.trace import Trace
from seviz.reference.gather import reference, ships
from seviz.reference.profile import Profile
from seviz.study.paper import PAPER, SOURCES
from seviz.words.collection import OWN_COUNT, reference_words
from seviz.words.findings import seeds_words
from seviz.zoo.catalogue import find
from seviz.zoo.checkpoint import Checkpoint
from seviz.zoo.sources import MEMORY

NO_NAME = "a photograph"  # whose file is not known


def of_trace(trace: Trace) -> str:
    """Name a photograph and its network, and the command that makes the trace."""
    command = trace_command(trace) if _has_command(trace.model) else ""
    return _line(_title(trace.model), _photo(trace), command)


def of_necessity(trace: Trace, found: Necessity) -> str:
    """Name a photograph and its network, and the command that replaces the gates of its blocks."""
    asked = photo_words(trace, static=found.rule == STATIC.name)
    asked += ["--target", _target(trace, found.target), "--replace", found.rule]
    return _of_photo(trace, "necessity", *asked)


def of_effects(trace: Trace, found: Effects) -> str:
    """Name a photograph and its network, and the command that measures its gates' effects."""
    asked = [*photo_words(trace, static=False), "--target", _target(trace, found.target)]
    return _of_photo(trace, "channels", *asked)


def of_maps(trace: Trace, found: Attribution, *, trust: bool = False) -> str:
    """Name a photograph and its network, and the command that makes its maps.

    trust: and measures how far they can be trusted.
    """
    asked = [*question_words(replace(trace, arms=found.arms)), "--method", found.method]
    asked += ["--layer", found.layer] if found.layer else []
    asked += ["--target", _target(trace, found.target), *(["--trust"] if trust else [])]
    return _of_photo(trace, "attribute", *asked, "--out", "DIR")


def of_shares(trace: Trace, arms: tuple[Arm, Arm], target: ClassTarget) -> str:
    """Name a photograph and its network, and the command that shares an answer out over gates."""
    asked = [*question_words(replace(trace, arms=arms)), "--shares"]
    asked += ["--target", target_text(target, trace.labels), "--out", "DIR"]
    return _of_photo(trace, "attribute", *asked)


def of_path(trace: Trace, path: AlphaPath, target: ClassTarget) -> str:
    """Name a photograph and its network, and the command that goes the path to other gates."""
    asked = photo_words(trace, static=path.reference == STATIC.name)
    asked += ["--target", target_text(target, trace.labels), "--alpha-to", path.reference]
    return _of_photo(trace, "report", *asked, "--out", "report.html")


def of_gate(trace: Trace, gate: Gate) -> str:
    """Name a photograph, its network and a gate, and the command that measures it there."""
    asked = [photo_word(trace), *network_words(trace.model), "--gate", gate.name]
    command = _command([trace.model], "channels", *asked)
    return _line(_title(trace.model), _photo(trace), gate.name, command)


def of_photographs(first: Trace, second: Trace) -> str:
    """Name a network and two photographs, and the command that compares them."""
    photos = [photo_word(first), photo_word(second)]
    command = _command([first.model], "compare", *photos, *network_words(first.model))
    return _line(_title(first.model), f"{_photo(first)} and {_photo(second)}", command)


def of_change(trace: Trace, changing: Changing, strength: float) -> str:
    """Name a photograph, its network and how it is changed.

    What is painted over by hand has no command.
    """
    command = ""
    if change := change_options(changing, strength):
        asked = [photo_word(trace), *network_words(trace.model), *change]
        command = _command([trace.model], "compare", *asked)
    changed = f"{_photo(trace)}, {changing.change} {strength:g}"
    return _line(_title(trace.model), changed, command)


def of_costs(key: str) -> str:
    """Name a network, and the command that counts what SE costs it."""
    return _line(_title(key), _command([key], "costs", *network_words(key)))


def of_gate_images(key: str, gate: Gate) -> str:
    """Name a network, a gate and the images of the network's statistics."""
    return _of_images(key, "exemplars", "--gate", gate.name, about=gate.name)


def of_classes(
    key: str, block: str, classes: Iterable[str], *, order: str, beside: Trace | None = None
) -> str:
    """Name a network and the images whose classes are compared.

    classes: by their folders; beside: the photograph that is drawn among them.
    """
    chosen = ["--block", block, "--classes", *classes, "--sort", order]
    chosen += ["--photo", photo_word(beside)] if beside else []
    about = _photo(beside) if beside else ""
    return _of_images(key, "classes", *chosen, "--out", "curves.html", about=about)


def of_depth(key: str) -> str:
    """Name a network and the images whose classes its blocks tell apart."""
    return _of_images(key, "classes", "--by-depth")


def of_map(key: str, block: str, classes: Sequence[str], *, method: str) -> str:
    """Name a network and the images that are points; classes: the names of those in colour."""
    coloured = ["--classes", *classes] if classes else []
    chosen = ["--block", block, "--method", method, *coloured]
    return _of_images(key, "map", *chosen, "--out", "map.html")


def of_set_necessity(key: str, found: SetNecessity) -> str:
    """Name a network and the images over which its blocks were replaced."""
    asked = [*network_words(key), "--data", "DATA", "--replace", found.rule]
    asked += ["--budget", f"{found.path.budget:g}"] if found.path else []
    images = f"{found.data}, {found.images:,} images"
    return _line(_title(key), images, _command([key], "necessity", *asked))


def of_pair(a: Trace, b: Trace, *, method: str = "", label: str = "") -> str:
    """Name two networks and their photograph; method, label: of maps, whose class they explain."""
    asked = ["--networks", _one_of_two(a.model), _one_of_two(b.model), photo_word(a)]
    asked += ["--method", method, "--target", label] if method else []
    command = _command([a.model, b.model], "compare", *asked)
    return _line(f"A: {_title(a.model)}", f"B: {_title(b.model)}", _photo(a), command)


def of_similarity(found: GateSimilarity) -> str:
    """Name two networks and the photographs by which their gates are compared."""
    keys = (found.model_a, found.model_b)
    asked = ["--networks", *map(_one_of_two, keys), "--data", "PHOTOGRAPHS"]
    titles = [f"{name}: {_title(key)}" for name, key in zip("AB", keys, strict=True)]
    return _line(*titles, _impersonal(found.data), _command(keys, "compare", *asked))


def of_study(study: str, results: Results) -> str:
    """Name the images and seeds of a study of the laboratory."""
    return _line(seeds_words(results), _study_command(study))


def of_article(study: str) -> str:
    """Name the article, and where in it a study's figures are."""
    return _line(f"{PAPER}, of {SOURCES[study]}", _study_command(study))


def _study_command(study: str) -> str:
    return shlex.join(["seviz", "results", "--study", study])


def _of_photo(trace: Trace, *words: str) -> str:
    return _line(_title(trace.model), _photo(trace), _command([trace.model], *words))


def _target(trace: Trace, found: Followed) -> str:
    if isinstance(found, GateAnswer):
        return Gate(found.site, found.channel).name
    return target_text(class_of(found), trace.labels)


def _of_images(key: str, *words: str, about: str = "") -> str:
    """Name a network, what of it, and the images of its statistics; words: of a command on these.

    It is to be called in the handler of an event, whose visitor's statistics count.
    """
    known = reference(key)
    images = "" if known is None else _images(known)
    brought = [] if known is None or ships(known, find(key)) else ["--profile", "PROFILE"]
    command = _command([key], *words[:1], *network_words(key), *brought, *words[1:])
    return _line(_title(key), about, images, command)


def _images(known: Profile) -> str:
    """Name images and their number, which the name of photographs tells already."""
    named = _impersonal(known.data)
    return named if f"{known.images:,} photograph" in named else reference_words(known)


def _impersonal(photographs: str) -> str:
    """Return what people call photographs, but for “your”: others read it, too."""
    return photographs.removeprefix(OWN_COUNT.format(""))


def _one_of_two(key: str) -> str:
    """Return how `compare --networks` names a network."""
    source = known_source(key)
    return f"{source.origin}@{source.architecture}" if isinstance(source, Checkpoint) else key


def _title(key: str) -> str:
    source = known_source(key)
    return source.title if source else key


def _photo(trace: Trace) -> str:
    return Path(trace.photo.path).name if trace.photo else NO_NAME


def _command(keys: Iterable[str], *words: str) -> str:
    """Write a command about some networks; "" where one of them is in memory."""
    return shlex.join(["seviz", *words]) if all(map(_has_command, keys)) else ""


def _has_command(key: str) -> bool:
    source = known_source(key)
    return source is not None and source.kind != MEMORY


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
