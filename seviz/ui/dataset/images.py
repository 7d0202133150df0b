"""What the views of the page “Data set” share: the network, and the images that they are about.

In a view's handlers, `seviz.reference.gather.reference(key)` is the profile of the chosen images,
as it is everywhere: `profile` says so by a name of its own.
"""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seviz.records.collection import Collection
from seviz.reference.gather import reference, reference_images
from seviz.reference.images import ProfiledImages
from seviz.reference.profile import Profile
from seviz.ui.parts.own_photos import own_of
from seviz.ui.parts.progress import Runner
from seviz.ui.state import Asked


@dataclass(frozen=True)
class DataSet:
    """The components above the views.

    asked: what “Explore” was asked, whose network and photograph this page is about, and whose
    `own` holds the visitor's photographs; images: which images the views are about; changed: its
    `change` event says that another network or other images are chosen, or that a network was asked
    about these; runner: shows and stops long work; block: the name of the block that views are
    about, "" until one is chosen.
    """

    asked: Asked
    network: gr.HTML
    images: gr.Radio
    told: gr.HTML
    changed: gr.State
    runner: Runner
    block: gr.State

    @property
    def subject(self) -> list[Any]:
        """List what a view's handler reads first: the network's key, and the state `own`."""
        return [self.asked.model, self.asked.own]


def profile(key: str) -> Profile | None:
    """Return the statistics of the chosen images for a network; None where there are none.

    It is to be called in the handler of an event, whose visitor it asks for. UserError where there
    is no such network.
    """
    return reference(key)


def images(key: str) -> ProfiledImages | None:
    """Return the images behind `profile`; None where they are not known.

    Those of a visitor's photographs are called by `Photographs.names` of the `collection`.
    """
    return reference_images(key)


def collection(key: str, own: Any) -> Collection | None:
    """Return what a network made of the photographs that are at hand; None where there are none.

    own: what the state `own` holds. Of the reference images no photographs are at hand: then it is
    that of the visitor's.
    """
    return own_of(own).collection(key)
