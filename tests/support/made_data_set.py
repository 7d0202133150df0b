"""The statistics of the embedded network over made gates, with the images behind them."""

from made_gates import Data

from seviz.reference.images import ProfiledImages
from seviz.reference.profile import Profile


def made_data_set(images: int = 90, sampled: int = 60) -> tuple[Data, Profile, ProfiledImages]:
    """Return made gates of two blocks, their statistics as of the embedded network, and images."""
    data = Data(images)
    accumulator = data.feed(data.indices, [7] * 10, sampled=sampled)
    profile = accumulator.finish(model="embedded", data="numbers")
    return data, profile, accumulator.profiled_images(profile)
