"""The progress of a run, by its epochs or by the minutes that it may take."""

import time
from dataclasses import dataclass, field

from seviz.errors import UserError
from seviz.training.recipe import Run


@dataclass
class Clock:
    """A run's position in its recipe, in epochs, which sets the learning rate and the images' side.

    With `minutes`, the position is the share of the time used, times the recipe's epochs, whatever
    the number of images seen. steps: per epoch; began: the start of this process, by
    time.monotonic.
    """

    run: Run
    steps: int
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Note the seconds that earlier processes of the run used."""
        self._earlier, self._reserve = self.run.seconds, 0.0

    def reserve(self, ending: float) -> None:
        """Reserve seconds for the work after the last step; UserError if none remain to train."""
        self._reserve = ending
        if self.available <= 0:
            raise UserError(
                f"--minutes {self.run.recipe.minutes:g} is too short: measuring the network alone "
                f"takes {ending:.0f} seconds."
            )

    @property
    def available(self) -> float:
        """The seconds for training, reading included, of all processes of the run together."""
        return 60 * self.run.recipe.minutes - self._reserve

    def position(self) -> float:
        """Return the position of the middle of the next step, in epochs."""
        run = self.run
        if run.recipe.minutes:
            return run.recipe.epochs * min(self.update() / self.available, 1.0)
        return run.epoch + (run.step + 0.5) / self.steps

    def is_over(self) -> bool:
        """Tell whether the run has no step left."""
        if self.run.recipe.minutes:
            return self.update() >= self.available
        return self.run.epoch >= self.run.recipe.epochs

    def update(self) -> float:
        """Store in the run, and return, the seconds that all its processes have used so far."""
        self.run.seconds = self._earlier + time.monotonic() - self.began
        return self.run.seconds
