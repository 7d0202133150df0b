"""How sure a photograph's answer is, beside those about known and other classes, as a record."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unknown:
    """Whether a photograph may be of none of the network's classes: a hint, not a finding.

    value: how sure the answer is, as the rule measures it; threshold: a photograph with a smaller
    value looks unknown. known_below: the share of the images of the network's own classes that are
    below it; unknown_below: the share of images of other classes that are; auroc: how often an
    image of its classes has the greater value of the two, 0.5 by chance. calibrated_on: the network
    on which the last two were measured, or how many of the laboratory's (their mean), where this
    network's classes are all that the data set has.
    """

    value: float
    threshold: float
    known_below: float
    unknown_below: float
    auroc: float
    calibrated_on: str | int

    @property
    def below(self) -> bool:
        """Tell whether the photograph is below the threshold."""
        return self.value < self.threshold
