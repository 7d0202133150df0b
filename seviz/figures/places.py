"""The places that open a gate, beside its channel before and after it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from seviz.figures.inspector import channel_map
from seviz.figures.overlay import data_uri, grey
from seviz.records.places import GatePlaces

TINY = 1e-12  # the least end of a scale


@dataclass(frozen=True)
class PlacesFigures:
    """Three figures: what each place adds to s, and U and s·U on one scale."""

    places: go.Figure
    before: go.Figure
    after: go.Figure


def places_figures(places: GatePlaces, seen: npt.NDArray[np.uint8]) -> PlacesFigures:
    """Draw a gate's places over the H×W×3 crop that the network saw, on a symmetric scale.

    U and s·U have one scale, as units of features, and the places another, as units of s.
    """
    look: dict[str, Any] = {"photo": data_uri(grey(seen)), "shape": seen.shape}
    features = _limit(places.before, places.after)
    return PlacesFigures(
        places=channel_map(
            places.map,
            _limit(places.map),
            name="added to s",
            label=f"What each place of the photograph adds to the gate {places.name}",
            **look,
        ),
        before=channel_map(places.before, features, name="U", **look),
        after=channel_map(places.after, features, name="s·U", **look),
    )


def _limit(*maps: npt.NDArray[np.float32]) -> float:
    """Return the largest size of all values, above 0."""
    return max(TINY, *(float(abs(values).max()) for values in maps))
