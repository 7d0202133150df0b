"""The answers of many arms to many images, gathered in one branching pass of each batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from seviz.gates.grammar import arm_text
from seviz.passes.branching import pass_arms
from seviz.passes.forward import check_finite
from seviz.photos.batch import Batch
from seviz.records.arms import Arm, Recorded, Rule
from seviz.records.numbers import Floats
from seviz.reference.parts import Facts
from seviz.reference.streams import Arrays, hashes
from seviz.zoo.models import LoadedModel

UNKNOWN = -1  # the label of an image whose class is not known
MOST_ROWS = 256  # of the last block, that pass together
OTHERS = Rule("resample", source="another image")  # gates of one of the donors
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Answers:
    """The answers of A arms to N images, in the order of the images' indices.

    indices, labels: N, a label is `UNKNOWN` where none is known; answers: A×N, each arm's first
    answer by its number; scores: A×N, the log-probability, in nats, of the image's class, or of the
    first arm's answer where that is not known.
    """

    indices: Integers
    labels: Integers
    answers: Integers
    scores: Floats

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.indices)

    @property
    def right(self) -> Booleans:
        """Tell of each arm and image whether the answer is its class, or the first arm's: A×N."""
        followed = np.where(self.labels == UNKNOWN, self.answers[0], self.labels)
        return np.asarray(self.answers == followed)

    def of_arms(self, arms: Sequence[int]) -> "Answers":
        """Return the answers of some arms, by their rows, the first of which stays the first."""
        return Answers(self.indices, self.labels, self.answers[arms], self.scores[arms])

    def some(self, chosen: Booleans | Integers) -> "Answers":
        """Return the answers to some images; chosen: N, or their places in order."""
        of_images = (self.indices[chosen], self.labels[chosen])
        return Answers(*of_images, self.answers[:, chosen], self.scores[:, chosen])


class AnswerGathering:
    """Gathers the answers of arms (`seviz.reference.gathering.Gathering`); the first is intact."""

    def __init__(
        self,
        loaded: LoadedModel,
        arms: Sequence[Arm],
        recorded: Recorded,
        *,
        labelled: bool = True,
        donors: Mapping[str, Floats] | None = None,
    ) -> None:
        """Start with no images.

        recorded: the gates of static arms; donors: by site the gates of n images, n×C, of which
        each image gets one's in arms with the rule OTHERS.
        """
        self._loaded, self._arms, self._recorded = loaded, list(arms), recorded
        self._labelled, self._donors = labelled, donors
        self._found: list[Answers] = []

    def facts(self) -> Facts:
        """Return the arms, and a digest of the gates that they put in place."""
        gates = blake2b(digest_size=16)
        for rule, by_site in (*self._recorded.items(), (OTHERS, self._donors or {})):
            gates.update(repr(rule).encode())
            for name, of in by_site.items():
                gates.update(name.encode() + of.tobytes())
        return {"arms": [arm_text(arm.edits) for arm in self._arms], "gates": gates.hexdigest()}

    @torch.inference_mode()
    def ask(self, batch: Batch) -> Answers:
        """Pass a batch; UserError where an arm's logits are not finite."""
        indices, labels = batch.indices.numpy(), batch.labels.numpy()
        if not self._labelled:
            labels = np.full_like(labels, UNKNOWN)
        most = max(1, MOST_ROWS // len(self._arms))
        parts = (slice(start, start + most) for start in range(0, len(indices), most))
        found = [self._answers(batch.x[part], indices[part], labels[part]) for part in parts]
        return self._joined(found)

    def _answers(self, x: Tensor, indices: Integers, labels: Integers) -> Answers:
        """Pass N images in all arms at once."""
        recorded = dict(self._recorded)
        if self._donors is not None:
            recorded[OTHERS] = {
                name: of[donor(indices, len(of))] for name, of in self._donors.items()
            }
        x = x.to(self._loaded.device, memory_format=torch.channels_last)
        passed, _ = pass_arms(
            self._loaded, x, self._arms, recorded=recorded, gates=False, most=None
        )
        logits = passed.view(len(self._arms), len(x), -1)
        check_finite(self._loaded, (arm.name for arm in self._arms), logits.flatten(1))
        answers = logits.argmax(-1)
        known = torch.from_numpy(labels).to(answers)
        followed = torch.where(known == UNKNOWN, answers[0], known)
        scores = logits.log_softmax(-1).gather(-1, followed.expand_as(answers)[..., None])
        return Answers(indices, labels, answers.cpu().numpy(), scores[..., 0].float().cpu().numpy())

    def add(self, batch: Batch, found: Answers) -> None:
        """Add the answers to a batch."""
        del batch
        self._found.append(found)

    def arrays(self) -> Arrays:
        """Return all that was gathered."""
        return dict(vars(self.answers()))

    def merge(self, arrays: Arrays) -> None:
        """Add what another one has gathered."""
        self._found.append(Answers(**arrays))

    def answers(self) -> Answers:
        """Return all answers, in the order of the images' indices."""
        found = self._joined(self._found)
        order = np.argsort(found.indices, kind="stable")
        return found.some(order)

    def _joined(self, found: Sequence[Answers]) -> Answers:
        """Join the answers to several batches, or to none."""
        none, arms = np.empty(0, np.int64), len(self._arms)
        empty = Answers(none, none, np.empty((arms, 0), np.int64), np.empty((arms, 0), np.float32))
        fields = zip(*(vars(part).values() for part in (empty, *found)), strict=True)
        return Answers(*(np.concatenate(parts, -1) for parts in fields))


def donor(indices: Integers, count: int) -> Integers:
    """Return which of so many donors each image gets, by its index: in each run the same."""
    twice = hashes(hashes(indices).view(np.int64))  # its hash alone also halves the images
    return np.asarray(twice % np.uint64(count), np.int64)
