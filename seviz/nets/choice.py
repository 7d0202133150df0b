"""The options of a variant, host by host, and the trained variants nearest to a choice."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from seviz.errors import UserError
from seviz.nets.anatomy import Anatomy, anatomies
from seviz.nets.variants import (
    EXCITATION_NAMES,
    HOST_NAMES,
    INTEGRATION_NAMES,
    PLAIN,
    SQUEEZE_NAMES,
    STANDARD,
    STUDIES,
    Variant,
)

RATIOS = tuple(variant.r for variant in STUDIES["r"])


def integrations(host: str) -> tuple[str, ...]:
    """List the integrations of a host: only a ResNet has a shortcut to place SE around."""
    return tuple(INTEGRATION_NAMES) if host == "resnet" else (PLAIN, STANDARD.integration)


def stages(host: str) -> tuple[int, ...]:
    """List a host's stages, by the article's count."""
    return tuple(sorted({block.stage for block in anatomies(Variant(host, PLAIN))}))


def places(host: str) -> tuple[str, ...]:
    """List a host's blocks by stage and block, such as 4_2, in depth order."""
    return tuple(block.place for block in anatomies(Variant(host, PLAIN)))


def choose(
    *, host: str, integration: str, squeeze: str, excitation: str, r: int, chosen: Sequence[int]
) -> Variant:
    """Return the variant of these options; chosen: the stages with SE, where none means all.

    An integration or a stage that only other hosts have becomes the standard one, as the page keeps
    its choices when the host changes. UserError for a value that no host has.
    """
    choices = (
        (host, HOST_NAMES, "host"),
        (integration, INTEGRATION_NAMES, "integration"),
        (squeeze, SQUEEZE_NAMES, "squeeze"),
        (excitation, EXCITATION_NAMES, "excitation"),
        (r, RATIOS, "reduction"),
    )
    for value, known, name in choices:
        if not isinstance(value, str | int) or value not in known:
            raise UserError(f"There is no such {name}; choose one from the list.")
    integration = integration if integration in integrations(host) else STANDARD.integration
    if integration == PLAIN:
        return Variant(host, PLAIN)
    with_se = tuple(stage for stage in stages(host) if stage in chosen)
    with_se = () if with_se == stages(host) else with_se
    return Variant(host, integration, squeeze, excitation, r, with_se)


def block_of(variant: Variant, place: str | None) -> Anatomy:
    """Return the variant's block at a place such as 4_2; one in the middle where it has none."""
    blocks = {block.place: block for block in anatomies(variant)}
    return blocks.get(str(place)) or blocks[middle(variant)]


def middle(variant: Variant) -> str:
    """Return the place of a block to show first: one in the middle, with SE if any has SE.

    Blocks that keep the shape of x are preferred, as they are simpler to draw.
    """
    blocks = anatomies(variant)
    blocks = tuple(block for block in blocks if block.gating) or blocks
    later = blocks[len(blocks) // 2 :]
    return next((block for block in later if not block.projects), later[0]).place


def nearest(variant: Variant, trained: Iterable[Variant]) -> tuple[Variant, ...]:
    """Return the trained variants that differ from this one in the fewest choices."""
    distances = {other: distance(variant, other) for other in trained}
    least = min(distances.values(), default=0)
    return tuple(other for other, choices in distances.items() if choices == least)


def distance(variant: Variant, other: Variant) -> int:
    """Count the choices in which two variants differ."""
    return sum(
        getattr(variant, field.name) != getattr(other, field.name) for field in fields(variant)
    )


def all_stages(variant: Variant) -> tuple[int, ...]:
    """Return the stages with SE; all of the host's where the variant lists none."""
    return variant.stages or stages(variant.host)
