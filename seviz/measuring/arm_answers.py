"""The answers of many arms to many images, gathered in one branching pass of each batch."""

from collections.abc import Sequence
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
from seviz.records.arms import Arm, Recorded
from seviz.records.numbers import Floats
from seviz.reference.parts import Facts
from seviz.reference.streams import Arrays
from seviz.zoo.models import LoadedModel

UNKNOWN = -1  # the label of an image whose class is not known
Integers = npt.NDArray[np.int64]


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
    def right(self) -> npt.NDArray[np.bool_]:
        """Tell of each arm and image whether the answer is its class, or the first arm's: A×N."""
        followed = np.where(self.labels == UNKNOWN, self.answers[0], self.labels)
        return np.asarray(self.answers == followed)

    def some(self, chosen: npt.NDArray[np.bool_]) -> "Answers":
        """Return the answers to some images; chosen: N."""
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
    ) -> None:
        """Start with no images; recorded: the gates of static arms."""
        self._loaded, self._arms, self._recorded = loaded, list(arms), recorded
        self._labelled = labelled
        self._found: list[Answers] = []

    def facts(self) -> Facts:
        """Return the arms, and a digest of the gates that they put in place."""
        gates = blake2b(digest_size=16)
        for rule, by_site in self._recorded.items():
            gates.update(repr(rule).encode())
            for name, of in by_site.items():
                gates.update(name.encode() + of.tobytes())
        return {"arms": [arm_text(arm.edits) for arm in self._arms], "gates": gates.hexdigest()}

    @torch.inference_mode()
    def ask(self, batch: Batch) -> Answers:
        """Pass a batch; UserError where an arm's logits are not finite."""
        x = batch.x.to(self._loaded.device, memory_format=torch.channels_last)
        most = images_at_once(len(self._arms))
        logits = torch.cat([self._pass(part) for part in x.split(most)], 1)  # A×N×K
        names = (arm.name for arm in self._arms)
        check_finite(self._loaded, names, logits.flatten(1))
        answers = logits.argmax(-1)
        labels = batch.labels if self._labelled else torch.full_like(batch.labels, UNKNOWN)
        followed = torch.where(labels.to(answers) == UNKNOWN, answers[0], labels.to(answers))
        scores = logits.log_softmax(-1).gather(-1, followed.expand_as(answers)[..., None])[..., 0]
        return Answers(
            batch.indices.numpy(),
            labels.numpy(),
            answers.cpu().numpy(),
            scores.float().cpu().numpy(),
        )

    def _pass(self, x: Tensor) -> Tensor:
        """Return the logits of images in all arms, A×N×K."""
        logits, _ = pass_arms(
            self._loaded, x, self._arms, recorded=self._recorded, gates=False, most=None
        )
        return logits.view(len(self._arms), len(x), -1)[..., : len(self._loaded.labels)]

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
        if not self._found:
            return Answers(
                np.empty(0, np.int64),
                np.empty(0, np.int64),
                np.empty((len(self._arms), 0), np.int64),
                np.empty((len(self._arms), 0), np.float32),
            )
        indices = np.concatenate([found.indices for found in self._found])
        order = np.argsort(indices, kind="stable")
        return Answers(
            indices[order],
            np.concatenate([found.labels for found in self._found])[order],
            np.concatenate([found.answers for found in self._found], 1)[:, order],
            np.concatenate([found.scores for found in self._found], 1)[:, order],
        )


def images_at_once(arms: int) -> int:
    """Return how many images pass together in so many arms: rows of the last block, MOST_ROWS."""
    return max(1, MOST_ROWS // arms)


MOST_ROWS = 256
