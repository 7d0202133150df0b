"""`seviz.trace`: one pass of a photograph, for scripts that need the record and nothing around."""

from collections.abc import Sequence

from seviz.library.open_network import OpenNetwork
from seviz.library.sentences import names_arguments
from seviz.passes import forward
from seviz.photos.read import Photo
from seviz.records.arms import Arm, Recorded
from seviz.records.trace import Trace
from seviz.zoo.models import LoadedModel


@names_arguments
def trace(
    network: OpenNetwork | LoadedModel,
    photo: Photo,
    arms: Sequence[Arm],
    *,
    recorded: Recorded | None = None,
) -> Trace:
    """Trace a photograph through a network in arms, and return the record; see `Network.trace`.

    recorded: the gates that static and resampled arms put in place, as of `seviz.recorded_for`.
    UserError for what is no photograph or no arm, for an edit of a place that the network does not
    have, and for a network without SE.
    """
    loaded = network.loaded if isinstance(network, OpenNetwork) else network
    loaded.source.check_gates()
    return forward.trace(loaded, photo, arms, recorded=recorded)
