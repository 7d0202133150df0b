"""How far a run is: by its epochs, or by the minutes that it may take in all."""

import time
from dataclasses import dataclass, field

from seviz.errors import UserError
from seviz.training.recipe import Run


@dataclass
class Clock:
    """A run's position along its recipe, in epochs, which its rate and its images' side follow.

    With `minutes`, the recipe's epochs are a scale alone: the share of the time that is used counts
    as that share of them, whatever number of images was seen. steps: of an epoch; began: when this
    process began, by time.monotonic.
    """

    run: Run
    steps: int
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Keep what earlier processes have used."""
        self._earlier, self._reserve = self.run.seconds, 0.0

    def keep_for(self, ending: float) -> None:
        """Keep seconds for what follows the last step; UserError where none are left to train."""
        self._reserve = ending
        if self.available <= 0:
            raise UserError(
                f"--minutes {self.run.recipe.minutes:g} is too short: measuring the network alone "
                f"takes {ending:.0f} seconds."
            )

    @property
    def available(self) -> float:
        """Return the seconds that all processes of the run may train, reading included."""
        return 60 * self.run.recipe.minutes - self._reserve

    def position(self) -> float:
        """Return the middle of the next step, in epochs."""
        run = self.run
        if run.recipe.minutes:
            return run.recipe.epochs * min(self.used() / self.available, 1.0)
        return run.epoch + (run.step + 0.5) / self.steps

    def over(self) -> bool:
        """Tell whether no step is left."""
        if self.run.recipe.minutes:
            return self.used() >= self.available
        return self.run.epoch >= self.run.recipe.epochs

    def used(self) -> float:
        """Return the seconds used by all processes of the run so far."""
        self.run.seconds = self._earlier + time.monotonic() - self.began
        return self.run.seconds
