"""One SE block on its own: from features U, or descriptors z, to its gates."""

import torch
from torch import Tensor

from seviz.gates.question import Captured
from seviz.passes.logits import logits_of
from seviz.records.arms import INTACT
from seviz.records.sites import Site
from seviz.zoo.models import LoadedModel


def pass_block(loaded: LoadedModel, site: Site, u: Tensor) -> Captured:
    """Let a block compute gates of features U, 1×C×H×W, or 1×C×1×1 for the same at all positions.

    What is captured carries gradients where u does. The block runs alone where its module takes
    nothing but U; else the network passes as far as its gates, with these features in place.
    """
    names = [other.name for other in loaded.probe.sites if other.path == site.path]
    places = loaded.probe.places[site.name]
    takes_u = places.features == site.path and not places.channels_last
    alone = takes_u and names == [site.name]
    put = {} if alone else {site.name: u}
    with loaded.probe.ask(
        [INTACT], features_of=[site.name], until=site.name, put_u=put
    ) as captured:
        if alone:
            loaded.model.get_submodule(site.path)(u)
        else:
            logits_of(loaded.model, torch.zeros(1, *loaded.input_size).to(u), loaded.title)
    return captured
