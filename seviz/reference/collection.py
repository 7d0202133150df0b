"""The reference statistics of a collection of photographs."""

import numpy as np

from seviz.records.collection import NO_CLASS, Collection
from seviz.reference.accumulator import Accumulator
from seviz.reference.gather import Gathered
from seviz.zoo.catalogue import find

WITHOUT = "in no class folder"  # the class of photographs that are in none


def gather_collection(collection: Collection) -> Gathered:
    """Return the statistics of a collection's gates, for the network that it was passed through.

    The images behind them are called by `Photographs.names`. Class folders are the classes;
    photographs in none are a class of their own. UserError where a gate is not finite.
    """
    source, labels = find(collection.model), collection.folder_labels
    classes = collection.classes
    if (loose := labels == NO_CLASS).any():
        labels, classes = np.where(loose, len(classes), labels), (*classes, WITHOUT)
    accumulator = Accumulator(
        {site.name: site.channels for site in collection.sites},
        classes,
        without_z=[site.name for site in collection.sites if not site.squeezed],
    )
    accumulator.update(
        np.arange(len(collection)),
        labels,
        z=collection.z,
        s=collection.s,
        names=collection.photographs.names,
    )
    profile = accumulator.finish(
        model=source.identity,
        data=collection.photographs.name,
        weights=source.digest,
        pixels=source.pixels,
    )
    return Gathered(profile, accumulator.profiled_images(profile))
