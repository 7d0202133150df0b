"""The modules that a network's blocks are hooked at, and which use of a block a hook hears."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from seviz.gates.calls import Call
from seviz.gates.hooks import listen
from seviz.gates.naming import Located
from seviz.gates.placing import call_of
from seviz.gates.question import Question
from seviz.records.sites import Places, Site


@dataclass(frozen=True)
class Group:
    """The sites whose tensors pass the same places: one, or one for each use of a shared block."""

    places: Places
    sites: tuple[Site, ...]

    def site(self, question: Question) -> Site:
        """Return the site that a pass is at."""
        return self.sites[question.uses[self.sites[0].name] % len(self.sites)]

    def as_ours(self, u: Tensor) -> Tensor:
        """Return features as N×C×H×W."""
        return u.permute(0, 3, 1, 2) if self.places.channels_last else u

    def as_theirs(self, u: Tensor) -> Tensor:
        """Return features, N×C×H×W, as the block takes them."""
        return u.permute(0, 2, 3, 1) if self.places.channels_last else u

    def end_use(self, question: Question) -> None:
        """Hear that the block was used once more."""
        if len(self.sites) > 1:
            question.uses[self.sites[0].name] += 1


def as_gates(values: Tensor, site: Site) -> Tensor:
    """Return one value a channel as N×C×1×1; where there are others, such as one a place, as is."""
    if values.shape[1:].numel() != site.channels:
        return values
    return values.reshape(len(values), site.channels, 1, 1)


def groups(blocks: Iterable[Located]) -> list[Group]:
    """List the sites by their places, in order of depth."""
    found: dict[Places, list[Site]] = defaultdict(list)
    for block in blocks:
        found[block.places].append(block.site)
    return [Group(places, tuple(sites)) for places, sites in found.items()]


def modules_of(
    model: nn.Module, some: Iterable[Group], wanted: Callable[[], bool]
) -> tuple[dict[str, nn.Module], list[RemovableHandle]]:
    """Return the module of each place, and the handles of what makes calls of functions heard.

    wanted: whether the pass that runs is asked about.
    """
    modules: dict[str, nn.Module] = {}
    calls: dict[str, dict[tuple[str, int], Call]] = defaultdict(dict)
    for group in some:
        for place in group.places.all:
            if call := call_of(place):
                path, function, number = call
                made = calls[path].setdefault((function, number), Call(function))
                modules[place] = made
            else:
                modules[place] = model.get_submodule(place)
    handles = [
        handle
        for path, of_owner in calls.items()
        for handle in listen(model.get_submodule(path), of_owner, wanted)
    ]
    return modules, handles
