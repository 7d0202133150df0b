"""What can be chosen of a variant, host by host, and which trained one is nearest to a choice."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from seviz.errors import UserError
from seviz.nets.anatomy import Anatomy, anatomies
from seviz.nets.block import EXCITATIONS, SQUEEZES
from seviz.nets.hosts import HOSTS
from seviz.nets.residual import INTEGRATIONS
from seviz.nets.variants import PLAIN, STANDARD, STUDIES, Variant

RATIOS = tuple(variant.r for variant in STUDIES["r"])


def integrations(host: str) -> tuple[str, ...]:
    """List the integrations of a host: only a ResNet has a shortcut to place SE around."""
    return (PLAIN, *INTEGRATIONS) if host == "resnet" else (PLAIN, STANDARD.integration)


def stages(host: str) -> tuple[int, ...]:
    """List a host's stages, by the article's count."""
    return tuple(sorted({found.stage for found in anatomies(Variant(host, PLAIN))}))


def places(host: str) -> tuple[str, ...]:
    """List a host's blocks by stage and block, such as 4_2, in depth order."""
    return tuple(found.place for found in anatomies(Variant(host, PLAIN)))


def choose(
    *, host: str, integration: str, squeeze: str, excitation: str, r: int, chosen: Sequence[int]
) -> Variant:
    """Return the variant that was chosen; chosen: the stages with SE, where none means all.

    What the host hasn't got, as it was chosen for another, becomes the standard; what no host has
    is a UserError.
    """
    asked = (
        (host, HOSTS, "host"),
        (integration, (PLAIN, *INTEGRATIONS), "integration"),
        (squeeze, SQUEEZES, "squeeze"),
        (excitation, EXCITATIONS, "excitation"),
        (r, RATIOS, "reduction"),
    )
    for value, known, name in asked:
        if not isinstance(value, str | int) or value not in known:
            raise UserError(f"There is no such {name}; choose one from the list.")
    integration = integration if integration in integrations(host) else STANDARD.integration
    if integration == PLAIN:
        return Variant(host, PLAIN)
    own = tuple(stage for stage in stages(host) if stage in chosen)
    own = () if own == stages(host) else own
    return Variant(host, integration, squeeze, excitation, r, own)


def block_of(variant: Variant, place: str | None) -> Anatomy:
    """Return the variant's block of that stage and block; a middle one where it has no such."""
    found = {block.place: block for block in anatomies(variant)}
    return found.get(str(place)) or found[middle(variant)]


def middle(variant: Variant) -> str:
    """Name a block to begin with: of those with SE, or else of all, one in the middle.

    One whose shape does not change comes first, as it is the simplest.
    """
    blocks = anatomies(variant)
    blocks = tuple(block for block in blocks if block.gating) or blocks
    later = blocks[len(blocks) // 2 :]
    return next((block for block in later if not block.projects), later[0]).place


def nearest(variant: Variant, trained: Iterable[Variant]) -> tuple[Variant, ...]:
    """Return those of the trained ones that differ from it in the fewest choices."""
    far = {other: distance(variant, other) for other in trained}
    least = min(far.values(), default=0)
    return tuple(other for other, choices in far.items() if choices == least)


def distance(variant: Variant, other: Variant) -> int:
    """Count the choices in which two variants differ."""
    return sum(
        getattr(variant, field.name) != getattr(other, field.name) for field in fields(variant)
    )


def all_stages(variant: Variant) -> tuple[int, ...]:
    """Return the stages with SE, all of them by name."""
    return variant.stages or stages(variant.host)
