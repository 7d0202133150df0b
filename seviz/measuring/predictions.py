"""Each image's answer in each arm, as a file: which images an arm gets right that another does not.

.csv opens everywhere, with a row an image and arm; .npz also holds the logits of all classes, of
which calibration, ranks and ensembles can be computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seviz.measuring.table_files import CSV, NPZ, csv_file, csv_line, decimals, save_npz, texts
from seviz.records.numbers import Floats, softmax

ENDINGS = (CSV, NPZ)
COLUMNS = ("name", "class", "arm", "answer", "probability", "logit", "right")


@dataclass(frozen=True)
class Predictions:
    """The answers of A arms to N labelled images, of K classes.

    names: the images', N; arms: their names, A; labels: the classes' names, K; classes: each
    image's class by its number, N; logits: N×A×K.
    """

    names: Sequence[str]
    arms: Sequence[str]
    labels: Sequence[str]
    classes: npt.NDArray[np.int64]
    logits: Floats

    def save(self, path: Path) -> None:
        """Write a .csv or .npz file in a single step; UserError where it can't be written."""
        (self._save_csv if path.suffix.lower() == CSV else self._save_npz)(path)

    def _answers(self) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
        """Return each arm's first answer by its number, its probability and its logit, N×A."""
        best = self.logits.argmax(-1)
        of_best = (
            np.take_along_axis(values, best[..., None], -1)[..., 0].astype(np.float32)
            for values in (softmax(self.logits), self.logits)
        )
        return best, *of_best

    def _save_csv(self, path: Path) -> None:
        best, probability, logit = self._answers()
        with csv_file(path, COLUMNS) as file:
            for i, name in enumerate(self.names):
                true = self.classes[i]
                numbers = zip(decimals(probability[i]), decimals(logit[i]), strict=True)
                for arm, answer, (p, x) in zip(self.arms, best[i], numbers, strict=True):
                    cells = (name, self.labels[true], arm, self.labels[answer], p, x)
                    file.write(csv_line((*cells, str(int(answer == true)))) + "\n")

    def _save_npz(self, path: Path) -> None:
        best, probability, _ = self._answers()
        labels = texts(self.labels)
        arrays = {
            "names": texts(self.names),
            "arms": texts(self.arms),
            "labels": labels,
            "classes": labels[self.classes],
            "answers": labels[best],
            "probabilities": probability,
            "right": best == self.classes[:, None],
            "logits": self.logits,
        }
        save_npz(path, arrays)
