"""Orders in which channels are removed: by their gates, by their effect, or at random."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from seviz.errors import UserError
from seviz.passes.derivatives import derivatives
from seviz.passes.logits import logits_of
from seviz.photos.batch import Batch
from seviz.records.arms import INTACT, Arm, Edit, Rule
from seviz.records.sites import Site
from seviz.reference.parts import Facts
from seviz.reference.profile import Profile
from seviz.reference.streams import Arrays
from seviz.zoo.models import LoadedModel

Doubles = npt.NDArray[np.float64]
Values = Mapping[str, Doubles]  # a number for each channel, by block: the least is removed first
Removed = dict[str, list[int]]  # channels by block, rising
ZERO = Rule("set", 0.0)
AT_ONCE = 16  # images of a pass with derivatives


def gate_values(profile: Profile, sites: Sequence[Site], order: str) -> Values:
    """Return the mean gates (order “gate”) or their standard deviations (“deviation”)."""
    name = "s_mean" if order == "gate" else "s_std"
    return {
        site.name: getattr(profile.blocks[site.name], name).astype(np.float64) for site in sites
    }


def random_values(sites: Sequence[Site], seed: int) -> Values:
    """Return a number for each channel, at random."""
    rng = np.random.default_rng(seed)
    return {site.name: rng.random(site.channels) for site in sites}


class ScoreGathering:
    """Gathers mean |s · ∂logit/∂s| of each gate (`seviz.reference.gathering.Gathering`).

    It is the effect of a channel's removal to first order (Molchanov et al., arXiv 1611.06440), of
    the logit of the image's own class; the derivative includes what a gate does to later gates.
    """

    def __init__(self, loaded: LoadedModel) -> None:
        """Start with no images."""
        self._loaded = loaded
        self._sums = {site.name: np.zeros(site.channels) for site in loaded.probe.sites}
        self.images = 0

    def facts(self) -> Facts:
        """Return that it is of scores."""
        return {"statistics": "scores"}

    def ask(self, batch: Batch) -> dict[str, Doubles]:
        """Return the sums of a batch by block; UserError where one is not finite."""
        found = {name: np.zeros_like(sums) for name, sums in self._sums.items()}
        labels = torch.split(batch.labels, AT_ONCE)
        for x, of in zip(torch.split(batch.x, AT_ONCE), labels, strict=True):
            for name, effects in self._effects(x, of).items():
                found[name] += effects.abs().sum(0).double().cpu().numpy()
        if not all(np.isfinite(sums).all() for sums in found.values()):
            raise UserError(
                f"{self._loaded.title} overflows on some images, so its channels have no scores; "
                "choose another network."
            )
        return found

    def _effects(self, x: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """Return s · ∂logit/∂s of each image and gate, N×C by block."""
        x = x.to(self._loaded.device, memory_format=torch.channels_last)
        probe = self._loaded.probe
        ask = probe.branch([INTACT], images=len(x), gates=False, nudge=True)
        with torch.enable_grad(), ask as captured:
            logits = logits_of(self._loaded.model, x, self._loaded.title)
            followed = logits.gather(1, labels.to(x.device)[:, None]).sum()
            # No image's logit depends on another image, so the sum's derivative is of each.
            slopes = derivatives(followed, [*captured.nudges.values()], self._loaded.title)
        gates = captured.gates.items()
        return {
            name: (s.detach() * slope).flatten(2).sum(2)
            for (name, s), slope in zip(gates, slopes, strict=True)
        }

    def add(self, batch: Batch, found: Mapping[str, Doubles]) -> None:
        """Add the sums of a batch."""
        for name, sums in found.items():
            self._sums[name] += sums
        self.images += len(batch)

    def arrays(self) -> Arrays:
        """Return all that was gathered."""
        return {**self._sums, "": np.array([self.images])}

    def merge(self, arrays: Arrays) -> None:
        """Add what another one has gathered."""
        for name, sums in self._sums.items():
            sums += arrays[name]
        self.images += int(arrays[""][0])

    def values(self) -> Values:
        """Return the mean of each gate; UserError where no image was passed."""
        if not self.images:
            raise UserError("No image is of the half that scores channels; give more images.")
        return {name: sums / self.images for name, sums in self._sums.items()}


def removed(values: Values, share: float, *, across: bool) -> Removed:
    """Return the channels that go: a share of each block's, or of all channels together (across).

    Those of the least values go, of equal ones the first; the count is rounded, halves up.
    """
    if not across:
        return {name: sorted(_least(of, share)) for name, of in values.items()}
    places = [(name, channel) for name, of in values.items() for channel in range(len(of))]
    found: Removed = {name: [] for name in values}
    for place in _least(np.concatenate(list(values.values())), share):
        name, channel = places[place]
        found[name].append(channel)
    return {name: sorted(channels) for name, channels in found.items()}


def removing_arm(name: str, channels: Removed) -> Arm:
    """Return the arm in which the gates of some channels are 0."""
    edits = (Edit(ZERO, site, ranges(of)) for site, of in channels.items() if of)
    return Arm(name, tuple(edits))


def ranges(channels: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Write rising channels as half-open ranges."""
    found: list[tuple[int, int]] = []
    for channel in channels:
        if found and found[-1][1] == channel:
            found[-1] = (found[-1][0], channel + 1)
        else:
            found.append((channel, channel + 1))
    return tuple(found)


def _least(values: Doubles, share: float) -> list[int]:
    count = int(share * len(values) + 0.5)
    return [int(place) for place in np.argsort(values, kind="stable")[:count]]
