"""The card's blocks about what is lost where gates are replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from seviz.records.losses import SetNecessity
from seviz.records.ranges import STEPS
from seviz.shipping.card import Entry, table, weights_line
from seviz.words.numbers import percent
from seviz.words.set_necessity import lost_words, score_words, steps_words
from seviz.zoo.catalogue import EMBEDDED

ARMS = ("intact", "static", "resampled", "uniform", "shuffled", "identity")


def necessity_block(found: SetNecessity) -> str:
    """Write what each block loses and costs, and the set of the usual budget."""
    rows = [
        [
            block.site,
            *(lost_words(of.lost) for of in (block.alone, block.onward, block.upto)),
            score_words(block.alone.score),
            percent(block.alone.stays),
            f"{block.parameters:,}",
            percent(block.time_share),
        ]
        for block in found.blocks
    ]
    heads = (
        *("block", "alone", "with all later", "with all earlier", "log-probability (nats)"),
        *("answers stay", "parameters", "of the time"),
    )
    assert found.path is not None
    return "\n\n".join(
        (
            f"On the {found.images:,} validation images with the gates of each block at their "
            "means: change of top-1 in points with its 95 % interval over the images, of the "
            "block alone and together with others; then of the block alone the change of the "
            "class's mean log-probability, the share of answers that stay, and what the block "
            f"costs (`python -m seviz necessity --data DIR`), measured {found.date} on: "
            f"{found.hardware}:",
            table(heads, rows),
            " ".join(steps_words(found.path, budget) for budget in (0.5, 1.0, 5.0)),
            weights_line({EMBEDDED: found.weights or "unknown"}),
        )
    )


def dynamic_block(entries: Mapping[str, Entry], found: SetNecessity) -> str:
    """Write what is left of each network's accuracy with parts of all gates taken away.

    entries: by the network's key; found: of the embedded network on the images as they are.
    """
    heads = ("network", "images", *ARMS)
    rows = [["embedded", f"{found.images:,}", *_shares(asdict(found)["arms"])]]
    for key, entry in entries.items():
        for of in entry["found"]:
            made = ", as photographs" if of["photographs"] else ""
            rows.append([f"{key}{made}", f"{of['images']:,}", *_shares(of["arms"])])
    first = next(iter(entries.values()))
    return "\n\n".join(
        (
            "Top-1 in % with parts of all gates taken away, with Wilson's 95 % interval: *static* "
            "gates are at their means over the training images, *resampled* ones are another "
            "training image's, *uniform* ones at their block's mean for the image, *shuffled* ones "
            "permuted within their block, *identity* is 1. The laboratory's variants know 20 "
            f"classes (`seviz remake --only dynamic_KEY`), measured {first['date']} on: "
            f"{first['hardware']}:",
            table(heads, rows),
            weights_line({key: entry["weights"][key] for key, entry in entries.items()}),
        )
    )


def ranges_block(entry: Entry) -> str:
    """Write what int8 would take from each block, before its gates and behind them."""
    found = entry["found"]
    heads = ("block", "narrow channels of U", "of s·U", "dB lost of U", "of s·U")
    rows = [
        [
            block["site"],
            *(percent(block[of]["by_largest"]["narrow"]) for of in ("before", "after")),
            *(_gap(block[of]) for of in ("before", "after")),
        ]
        for block in found["blocks"]
    ]
    return "\n\n".join(
        (
            "What int8 with one scale a tensor would take, over "
            f"{found['images']:,} training images (`seviz remake --only ranges`): the share of "
            "channels, of those that vary, whose "
            f"whole range is fewer than {STEPS} of the 256 steps, and the signal-to-noise ratio "
            "that is lost against one scale a channel, before the gates (U) and behind them (s·U), "
            f"measured {entry['date']} on: {entry['hardware']}:",
            table(heads, rows),
            weights_line(entry["weights"]),
        )
    )


def _gap(of: Mapping[str, Any]) -> str:
    ours, best = of["by_largest"]["noise_ratio"], of["channel_noise_ratio"]
    return "" if ours is None or best is None else f"{best - ours:.1f}"


def _shares(arms: Sequence[Mapping[str, Any]]) -> list[str]:
    """Write the accuracies of ARMS; "" for one that was not measured."""
    by_arm = {arm["arm"]: arm["accuracy"] for arm in arms}
    return [_share(by_arm[name]) if name in by_arm else "" for name in ARMS]


def _share(accuracy: Mapping[str, float]) -> str:
    mean, low, high = (f"{100 * accuracy[end]:.1f}" for end in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"
