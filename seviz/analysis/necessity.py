"""Which blocks matter for an answer: replaces a block's gates, alone and with all later ones."""

import numpy as np

from seviz.gates.grammar import arm_text
from seviz.passes.branching import whole_note
from seviz.passes.forward import arm_logits
from seviz.passes.gpu_seconds import counts
from seviz.records.analysis import Necessity
from seviz.records.arms import INTACT, Arm, Edit, Recorded, Rule
from seviz.records.numbers import Floats, answers_differ
from seviz.records.target import ClassTarget, answer_of, chance, class_of, score
from seviz.zoo.models import LoadedModel


@counts(lambda loaded, *_, **__: 2 * len(loaded.probe.sites))
def necessity(
    loaded: LoadedModel,
    image: Floats,
    rule: Rule,
    *,
    recorded: Recorded | None = None,
    target: ClassTarget | None = None,
) -> Necessity:
    """Replace the gates of an image (3×H×W) block by block; arms share the layers before the block.

    rule replaces the gates, such as static, whose gates `recorded` holds; target: a class, or
    the difference of two; the intact answer unless given. Raises UserError as
    `seviz.passes.forward.trace` does.
    """
    sites = [site.name for site in loaded.probe.sites]
    alone = [Arm(name, (Edit(rule, name),)) for name in sites]
    onward = [
        Arm(f"{name} and on", tuple(Edit(rule, later) for later in sites[depth:]))
        for depth, name in enumerate(sites[:-1])  # of the last block, both are the same
    ]
    logits = arm_logits(loaded, image, [INTACT, *alone, *onward], recorded=recorded)
    both = np.stack(
        [
            logits[1 : len(sites) + 1],
            np.append(logits[len(sites) + 1 :], logits[len(sites)][None], 0),
        ]
    )
    followed = answer_of(logits[0], loaded.labels, target, head=loaded.head)
    of = class_of(followed)
    return Necessity(
        model=loaded.key,
        rule=arm_text((Edit(rule),)),
        target=followed,
        sites=tuple(sites),
        logit=score(both, of) - score(logits[0], of),
        probability=chance(both, of, loaded.head) - followed.probability,
        flipped=answers_differ(both, logits[0], loaded.head),
        note=whole_note(loaded),
    )
