"""One network on two devices, and how near its answers there must be to those of the CPU.

The tolerances are of float32 with all its bits (no TF32). They are shares of the CPU's largest
value (LARGEST) or of its norm (NORM): other kernels add in another order, which 50 layers carry on,
and a gradient jumps where that moves a ReLU's input over 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from networks import awake
from photos import disc

from seviz.gates.grammar import parse_arms
from seviz.records.arms import Recorded, Rule
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import Source, wrap

LARGEST = 1e-4
NORM = 1e-2  # of maps, and of shares of gates
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Sides:
    """A network on the CPU, and the same one on the other device."""

    here: LoadedModel
    there: LoadedModel

    @property
    def image(self) -> np.ndarray:
        """Return what the network receives of a made photograph, 3×H×W."""
        return self.here.prepare(disc())[0].contiguous().numpy()


def of_timm(name: str, there: torch.device) -> Sides:
    """Make a network of known random weights."""
    return _sides(wrap(name, awake(name)), there)


def of_catalogue(key: str, there: torch.device) -> Sides:
    """Load a network whose weights are in the repository."""
    return _sides(find(key), there)


def _sides(source: Source, there: torch.device) -> Sides:
    return Sides(prepare(source, where=CPU), prepare(source, where=there))


def recorded_gates(loaded: LoadedModel) -> Recorded:
    """Make up gates for static and resampled arms, between 0 and 1."""
    draw = np.random.default_rng(5)
    rules = (Rule("static"), Rule("resample", source="other.png"))
    return {
        rule: {
            site.name: draw.uniform(0.1, 0.9, site.channels).astype(np.float32)
            for site in loaded.probe.sites
        }
        for rule in rules
    }


def near(found: np.ndarray, expected: np.ndarray, tolerance: float = LARGEST) -> None:
    """Hold arrays against the CPU's, by its largest value; nothing is infinite, NaN stays NaN."""
    largest = float(np.nanmax(np.abs(expected)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * largest)


def near_by_name(
    found: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray], tolerance: float = LARGEST
) -> None:
    """Hold arrays by their names against the CPU's."""
    assert list(found) == list(expected)
    for name, values in expected.items():
        near(found[name], values, tolerance)


def near_by_norm(found: np.ndarray, expected: np.ndarray, tolerance: float = NORM) -> None:
    """Hold maps against the CPU's, by the norm of the difference."""
    off = distance(found, expected)
    assert off <= tolerance, f"{off:.2%} off, allowed {tolerance:.2%}"


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """Return the norm of the difference as a share of the norm of what is expected."""
    assert expected.any(), "there is nothing to be compared with"
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


EVERY_RULE = parse_arms(
    [
        "intact",
        "identity",
        "static",
        "uniform",
        "shuffle@3",
        "resample@other.png",
        "mix(0.3,static)",
        "all=0.5",
        "all*=1.2",
        "SE_3_2[4:9,12]=0; SE_4*=identity",
        "SE_5_3=static",
    ]
)
