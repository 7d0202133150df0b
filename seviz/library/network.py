"""The questions about a network that is open: each returns a result."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.answers.attribution import attribution_report
from seviz.answers.changes import asked_change, change_answer
from seviz.answers.channels import TOP, channels_answer
from seviz.answers.necessity import necessity_answer
from seviz.answers.photo_pair import photo_pair_answer
from seviz.answers.provenance import provenance
from seviz.attribution.methods import GRADCAM
from seviz.errors import UserError
from seviz.library.arguments import (
    Arms,
    Statistics,
    read_arms,
    read_given,
    read_methods,
    read_statistics,
    texts_of,
)
from seviz.library.calls import call
from seviz.library.comparing import compare_networks
from seviz.library.comparisons import ChangeResult, PhotoPairResult
from seviz.library.network_pair import NetworkPairResult
from seviz.library.open_network import OpenNetwork
from seviz.library.profiled import ProfileResult
from seviz.library.results import AttributionResult, ChannelsResult, NecessityResult, TraceResult
from seviz.library.sentences import names_arguments
from seviz.passes.dispatch import ask, fetch
from seviz.photos.read import Photo
from seviz.records.arms import IDENTITY, STATIC
from seviz.reference.arm_choice import default_arms
from seviz.reference.gather import gather, set_reference
from seviz.reference.recorded import recorded_for

if TYPE_CHECKING:
    from seviz.library.data import DataSet, ManyPhotos

CENTRE = "centre"  # where a change paints, unless another region is named


class Network(OpenNetwork):
    """A network that is open for questions; `seviz.load` and `seviz.wrap` make one.

    One without SE blocks can be compared with another; all other questions are about gates.
    A photograph is a path, the bytes of a file, a PIL picture, or an array of RGB, H×W×3, of bytes
    or of numbers from 0 to 1. Arms are texts such as "intact", "static" or "half: SE_4*=0.5", as
    everywhere. profile: reference statistics or their file, by default those that `profile`
    gathered, or those that ship with the network. Every question raises UserError for bad input.
    """

    @names_arguments
    def trace(
        self, photo: Photo, arms: Arms | None = None, *, profile: Statistics | None = None
    ) -> TraceResult:
        """Return the descriptors z, the gates s and the answers of a photograph, arm by arm.

        arms: by default intact, static (identity without statistics), and the twin where it is on
        this machine.
        """
        from seviz.passes.forward import trace

        key, known = self.source.key, read_statistics(profile)
        chosen = list(default_arms(key)) if arms is None else read_arms(arms)
        if arms is None and known is not None:
            chosen = [STATIC if arm == IDENTITY else arm for arm in chosen]
        given = read_given(photo)
        recorded = recorded_for(fetch(key, chosen), chosen, known)
        record = ask(trace, key, given.picture, chosen, recorded=recorded)
        said: dict[str, Any] = {"arms": texts_of(chosen), "profile": profile}
        return TraceResult(self.provenance_of("trace", given, edited=chosen, **said), record)

    @names_arguments
    def attribute(
        self,
        photo: Photo,
        methods: str | Sequence[str] = GRADCAM,
        *,
        arms: Arms | None = None,
        target: str | int = "",
        layer: str = "",
        steps: int | None = None,
        trust: bool = False,
        shares: bool = False,
        profile: Statistics | None = None,
    ) -> AttributionResult:
        """Explain an answer by maps of captum's methods, in all arms, for one class.

        arms: by default intact, and static or identity; target: a class by name or number, two of
        them, “A vs B”, a gate such as SE_4_6[17], or “other”, the second arm's answer; by default
        the first arm's answer. layer: the block that methods of layers look at, by default the
        last; steps: of a path, or samples of noise; trust: measure how far the maps can be trusted;
        shares: share the difference of the first two arms out over the gates. These two take long.
        """
        key, given, known = self.source.key, read_given(photo), read_statistics(profile)
        asked: dict[str, Any] = {
            "methods": read_methods(methods),
            "arms": [] if arms is None else texts_of(read_arms(arms)),
            "target": str(target),
            "layer": layer,
            "steps": steps,
            "trust": trust,
            "shares": shares,
        }
        found = attribution_report(key, given.picture, **asked, profile=known)
        of = self.provenance_of(
            "attribute", given, edited=found.trace.arms, **asked, profile=profile
        )
        return AttributionResult(of, found)

    @names_arguments
    def necessity(
        self,
        photo: Photo,
        *,
        replace: str | float = "",
        target: str | int = "",
        profile: Statistics | None = None,
    ) -> NecessityResult:
        """Replace the gates block by block, and follow an answer: which blocks does it need?

        replace: a rule such as static, identity or 0, by default static, or identity without
        statistics; target: a class, or “A vs B”, by default the answer.
        """
        key, given, known = self.source.key, read_given(photo), read_statistics(profile)
        asked: dict[str, Any] = {"replace": str(replace), "target": str(target)}
        found = necessity_answer(key, given.picture, **asked, profile=known)
        return NecessityResult(
            self.provenance_of("necessity", given, **asked, profile=profile), found
        )

    @names_arguments
    def channels(
        self,
        photo: Photo,
        *,
        target: str | int = "",
        top: int = TOP,
        gate: str = "",
        profile: Statistics | None = None,
    ) -> ChannelsResult:
        """Find the channels whose gates an answer depends on, and the state of every block.

        target: as of `necessity`; top: how many channels are measured exactly; gate: one such as
        SE_4_6[17], whose drivers and places are found, too.
        """
        key, given, known = self.source.key, read_given(photo), read_statistics(profile)
        asked: dict[str, Any] = {"target": str(target), "top": top, "gate": gate}
        found = channels_answer(key, given.picture, **asked, profile=known)
        return ChannelsResult(
            self.provenance_of("channels", given, **asked, profile=profile), found
        )

    @names_arguments
    def compare(
        self,
        photo: Photo,
        other: Photo | None = None,
        *,
        change: str = "",
        strength: float | None = None,
        seed: int = 0,
        region: str = CENTRE,
        arms: Arms | None = None,
        target: str | int = "",
        profile: Statistics | None = None,
    ) -> PhotoPairResult | ChangeResult:
        """Find where the gates of two photographs differ, or those of one and the same changed.

        change: such as jigsaw, which `seviz compare --change list` lists, in place of another
        photograph; the rest but profile is about it. strength: by default its usual one; seed: of
        what is random; region: what is painted over; arms: beside intact, by default as of `trace`;
        target: the class that is followed, by default the answer.
        """
        key, known = self.source.key, read_statistics(profile)
        if (other is None) == (not change):
            raise UserError(
                'compare takes two photographs, or one and a change such as change="jigsaw".'
            )
        given = read_given(photo)
        if other is not None:
            second = read_given(other, "other")
            pair = photo_pair_answer(key, given.picture, second.picture, profile=known)
            return PhotoPairResult(
                self.provenance_of("compare", given, second, profile=profile), pair
            )
        changing = asked_change(change, strength, seed=seed, region=region)
        chosen = [] if arms is None else read_arms(arms)
        found = change_answer(
            key, given.picture, changing, arms=chosen, target=str(target), profile=known
        )
        asked: dict[str, Any] = {
            "change": change,
            "strength": strength,
            "seed": seed or None,
            "region": "" if region == CENTRE else region,
            "arms": texts_of(chosen),
            "target": str(target),
        }
        of = self.provenance_of("compare", given, edited=found.drift.arms, **asked, profile=profile)
        return ChangeResult(of, found)

    @names_arguments
    def compare_with(
        self,
        other: OpenNetwork | str,
        photo: Photo | None = None,
        *,
        method: str = "",
        target: str | int = "",
        data: "ManyPhotos | None" = None,
        quiet: bool = False,
    ) -> NetworkPairResult:
        """Compare this network, A, with another one, B, with SE or without, on one photograph.

        other: a network that is open, or a key of the catalogue. Answers are matched by class, and
        gates by block, where both have blocks of one name and size. method: such as gradcam, also
        explains one class in both; target: that class, by default A's answer. data: photographs
        over which the gates of both are compared (linear CKA), with a photograph or without: a
        folder or zip, or a list or data set of torch as of `profile`; of more than 512, so many are
        taken. quiet: show no progress.
        """
        return compare_networks(
            self, other, photo, method=method, target=str(target), data=data, quiet=quiet
        )

    @names_arguments
    def profile(
        self,
        data: "DataSet",
        *,
        split: str = "train",
        labels: bool = True,
        limit: int | None = None,
        loaders: int | None = None,
        skip_unreadable: bool = False,
        root: str | PathLike[str] | None = None,
        download: bool = False,
        columns: Sequence[str] = (),
        quiet: bool = False,
    ) -> ProfileResult:
        """Gather the statistics of all gates over a data set, which then are the network's.

        Static arms and percentiles of later questions use them, of all networks of these weights
        that are open in this process, on the page too; a question's `profile` comes before. data: a
        folder or zip, or a name such as wds/PATH, as of `seviz profile`; or a data set of torch, or
        a list, of photographs, each alone or with the number of its class. split: of a folder,
        train or val; labels: False where the images have none; limit: use so many images; loaders:
        processes that read them; skip_unreadable: leave out images that can't be read; root,
        download and columns: of a data set that goes by a name, the folder that holds it, whether
        it is fetched into there, and its columns of images and labels; quiet: show no progress.
        """
        from seviz.library.data import open_data
        from seviz.photos.sources import Access

        source = self.source
        source.check_gates()
        access = Access(None if root is None else Path(root), download, tuple(columns))
        images, title = open_data(
            data, split, labels=labels, limit=limit, known=source.labels, access=access
        )
        gathered = gather(
            self.loaded,
            images,
            data=title,
            loaders=loaders,
            skip_unreadable=skip_unreadable,
            quiet=quiet,
        )
        set_reference(gathered.profile, gathered.images)
        said: dict[str, Any] = {"split": "" if split == "train" else split, "limit": limit}
        said |= {"root": root, "download": download, "columns": columns}
        command = call(f"{self.opened}.profile", ("data", data), **said)
        of = provenance(source.key, data=title, command=command)
        return ProfileResult(of, gathered, self.blocks)

    @names_arguments
    def use(self, profile: Statistics) -> None:
        """Take statistics, or the file that `ProfileResult.save` wrote, as the network's.

        UserError where they are of another network.
        """
        self.source.check_gates()
        known = read_statistics(profile)
        if known is None:
            raise UserError("Give a seviz.Profile, or the path of its file.")
        known.check_fits(self.source, self.blocks)
        set_reference(known)
