"""The card's blocks about what is lost where gates are replaced."""

from collections.abc import Mapping
from typing import Any

from seviz.records.losses import SetNecessity
from seviz.records.ranges import STEPS
from seviz.shipping.card import Entry, table, weights_line
from seviz.words.numbers import percent
from seviz.words.set_necessity import lost_words, score_words, steps_words
from seviz.zoo.catalogue import EMBEDDED


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
            " ".join(steps_words(found.path, budget) for budget in (0.5, 1.0)),
            weights_line({EMBEDDED: found.weights or "unknown"}),
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
