"""The generated blocks of the model card, written from the measured figures.

A block is between the comments `<!-- NAME: begin -->` and `<!-- NAME: end -->`; changes made there
by hand are lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seviz.errors import UserError
from seviz.reference.diagnosis import STILL, moves
from seviz.reference.profile import Profile
from seviz.words.numbers import decimals, percent, points
from seviz.zoo.catalogue import EMBEDDED, TWIN

Entry = Mapping[str, Any]  # of the figures' file
NAMES = {EMBEDDED: "SE-ResNet-50 slim (embedded)", TWIN: "ResNet-50 slim (twin)"}


def replace_block(card: str, name: str, content: str) -> str:
    """Return the card with new content in a block; UserError where it has no such block."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, begins, rest = card.partition(begin)
    _, ends, after = rest.partition(end)
    if not (begins and ends):
        raise UserError(f"The card lacks the lines {begin} and {end}; put them where it should be.")
    return f"{before}{begin}\n{content}\n{end}{after}"


def accuracy_block(evaluated: Entry, trained: Mapping[str, Any]) -> str:
    """Write the accuracy of both networks; trained: the facts of their runs, by key."""
    found = {(row["model"], row["photographs"]): row for row in evaluated["found"]}
    rows = [
        [
            name,
            *(_share(found[key, False][of]) for of in ("top1", "top5")),
            _share(found[key, True]["top1"]),
            f"{found[key, False]['temperature']:.3f}",
            f"{found[key, False]['parameters']:,}",
            f"{found[key, False]['macs'] / 1e6:.1f} M",
            f"{found[key, False]['images_per_second']:.0f}",
        ]
        for key, name in NAMES.items()
    ]
    heads = "network|top-1|top-5|top-1 as photographs|temperature|parameters|multiply-adds"
    ahead, error = zip(*(_ahead(found, made) for made in (False, True)), strict=True)
    ends = [
        f"{_share(facts['history'][-1]['top1'])} and {_share(facts['history'][-1]['top5'])} "
        f"({facts['date']})"
        for facts in (trained[EMBEDDED], trained[TWIN])
    ]
    return "\n\n".join(
        (
            f"On the {found[EMBEDDED, False]['images']:,} validation images (`python -m seviz "
            "evaluate --data DIR`, with `--model twin`, with `--photographs`), "
            f"{_measured(evaluated)}:",
            table([*heads.split("|"), "images a second"], rows),
            f"The SE-ResNet's top-1 minus its twin's is {points(ahead[0])} points, as photographs "
            f"{points(ahead[1])}, with a standard error of "
            f"{decimals(100 * error[0], 1)} from the images alone.",
            "At the end of training, before the weights were rounded to float16, top-1 and top-5 "
            f"were {ends[0]}, the twin's {ends[1]}.",
            weights_line(evaluated["weights"]),
        )
    )


def gates_block(arms: Entry, pointing: Entry) -> str:
    """Write the accuracy and the pointing game's results with edited gates."""
    return "\n\n".join((*_arms(arms), *_pointing(pointing), weights_line(arms["weights"])))


def pictures_block(opened: Entry) -> str:
    """Write how many gates their pictures open beyond most images, and how many the control's."""
    found, blocks = opened["found"], opened["found"]["blocks"]
    live, beyond, control, fails = (
        sum(block[name] for block in blocks)
        for name in ("live", "beyond", "control", "control_beyond")
    )
    rows = [
        [
            block["site"],
            f"{block['beyond']:,} of {block['live']:,}",
            f"{block['control_beyond']} of {block['control']}",
        ]
        for block in blocks
    ]
    return "\n\n".join(
        (
            f"One picture was made to open each gate ({found['steps']} steps, one seed; `seviz "
            f"remake --only pictures opened`). At its picture, {beyond:,} of the {live:,} gates "
            f"that move ({_share(beyond / live)}) have a larger s than {found['beyond']:.0f} of "
            "100 of the reference images. Pictures made in the same way with shuffled weights, "
            f"for a seeded choice of gates, do so with {fails} of {control}, {_measured(opened)}:",
            table(["block", "opened further", "the control"], rows),
            weights_line(opened["weights"]),
        )
    )


def answers_block(answers: Entry) -> str:
    """Write what the SE network answers to photographs that it was not trained on."""
    rows = [
        [name, ", ".join(f"{a['label']} ({percent(a['probability'])})" for a in top)]
        for name, top in answers["found"].items()
    ]
    return "\n\n".join((table(["photograph", "answer"], rows), weights_line(answers["weights"])))


def statistics_block(profile: Profile) -> str:
    """Write the mean and the standard deviation of each block's gates over training images."""
    rows = [
        [
            name,
            f"{block.s_mean.mean():.2f}",
            f"{block.s_std.mean():.3f}",
            f"{moves(block.s_std).sum()} of {len(block.s_std)}",
        ]
        for name, block in profile.blocks.items()
    ]
    rows_of = table(["block", "mean of s", "standard deviation of s", "channels that move"], rows)
    over = (
        f"Over {profile.images:,} training images, means over the channels; a channel moves where "
        f"its gate's standard deviation exceeds {STILL}:"
    )
    return "\n\n".join((over, rows_of, weights_line({EMBEDDED: profile.weights or "unknown"})))


def _arms(entry: Entry) -> Iterator[str]:
    first, *others = entry["found"]["arms"]
    yield (
        f"How often the SE-ResNet is right with its gates edited (`evaluate --arms "
        f"{' '.join(arm['arm'] for arm in (first, *others))}`), {_measured(entry)}:"
    )
    rows = [[first["arm"], _share(first["top1"]), _share(first["top5"]), "", "", ""]]
    for arm in others:
        error = decimals(100 * arm["standard_error"], 1)
        rows.append(
            [
                arm["arm"],
                _share(arm["top1"]),
                _share(arm["top5"]),
                f"{points(arm['difference'])} points (standard error {error})",
                _share(arm["agreement"]),
                f"{arm['most_frequent']} ({_share(arm['most_frequent_share'])})",
            ]
        )
    heads = f"arm|top-1|top-5|difference in top-1|answers as {first['arm']} does|most often"
    yield table(heads.split("|"), rows)


def _pointing(entry: Entry) -> Iterator[str]:
    found = entry["found"]
    yield (
        f"Whether Grad-CAM's maps meet the objects, over {found['images']:,} validation images and "
        f"their own classes (`pointing`; 95 % intervals over the choice of images; a map without "
        f"information would have {percent(found['chance'])} of its evidence in the boxes), "
        f"{_measured(entry)}:"
    )
    names = [arm["arm"] for arm in found["arms"]]
    rows = [[arm["arm"], _interval(arm["hits"]), _interval(arm["energy"])] for arm in found["arms"]]
    gaps = (found["hits_difference"], found["energy_difference"])
    rows.append([" − ".join(names), *map(_difference, gaps)])
    yield table(["arm", "points into the box", "evidence in the box"], rows)


def _ahead(found: Mapping[tuple[str, bool], Entry], photographs: bool) -> tuple[float, float]:
    """Return by how much the SE network's top-1 exceeds its twin's, and the standard error."""
    ours, its = (found[key, photographs] for key in (EMBEDDED, TWIN))
    spread = sum(row["top1"] * (1 - row["top1"]) / row["images"] for row in (ours, its))
    return ours["top1"] - its["top1"], spread**0.5


def _measured(entry: Entry) -> str:
    return f"measured {entry['date']} on: {entry['hardware']}"


def weights_line(of: Mapping[str, str]) -> str:
    """Name the weights that were measured, by the network's key."""
    named = ", ".join(f"`{digest}` ({key})" for key, digest in of.items())
    return f"Weights (sha256): {named}."


def _share(value: float) -> str:
    return f"{value:.1%}".replace("%", " %")


def _interval(found: Mapping[str, float]) -> str:
    low, high = (decimals(100 * found[end], 1) for end in ("low", "high"))
    return f"{_share(found['mean'])} [{low}, {high}]"


def _difference(found: Mapping[str, float]) -> str:
    low, high = (decimals(100 * found[end], 1) for end in ("low", "high"))
    return f"{points(found['mean'])} points [{low}, {high}]"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set rows in a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("|".join(["", *(f" {c} " if c else " " for c in line), ""]) for line in lines)
