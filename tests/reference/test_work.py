import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch
from made_sets import png, tile
from networks import awake
from PIL import Image
from torchrun import torchrun

from seviz.errors import UserError
from seviz.photos import dataset
from seviz.photos.dataset import LabelledImages
from seviz.photos.image_stream import ImageStream
from seviz.photos.stored import Stored
from seviz.reference import gathering
from seviz.reference import work as module
from seviz.reference.gather import Gathered, begin, finish, gather, gather_shared
from seviz.reference.images import ProfiledImages, images_path
from seviz.reference.profile import Profile
from seviz.reference.world import ALONE, World
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

SCRIPT = str(Path(__file__).parents[1] / "support" / "shared_profile.py")


@pytest.fixture(scope="module")
def network() -> LoadedModel:
    return prepare(wrap("small", awake("lab_resnet_se")))


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Two classes of noise, 19 images each, of which one is unreadable."""
    root, noise = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for name in "ab":
        (root / name).mkdir()
        for i in range(19):
            pixels = noise.integers(0, 256, (40, 40, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(root / name / f"{i:02}.png")
    (root / "b" / "03.png").write_bytes(b"no picture")
    return root


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch) -> Iterator[None]:
    """Compute as the processes of SCRIPT do: batches of 4, on one thread."""
    monkeypatch.setattr(module, "batch_for", lambda config: 4)
    monkeypatch.setattr(dataset, "cores", lambda: 1)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def alone(network, data: Path) -> Gathered:
    images = LabelledImages(data, "train")
    return gather(network, images, data="made", skip_unreadable=True, quiet=True)


def same(one: Gathered, profile: Profile, images: ProfiledImages) -> None:
    """Expect means and deviations but for rounding, and all else bit by bit."""
    assert replace(one.profile, blocks={}) == replace(profile, blocks={})
    assert one.images.names == images.names
    for name, block in one.profile.blocks.items():
        for field, values in vars(block).items():
            exact = "quantiles" in field or field == "neighbour_accuracy"
            rounding = 0 if exact else 1e-6
            np.testing.assert_allclose(
                getattr(profile.blocks[name], field),
                values,
                rtol=rounding,
                atol=0 if exact else 1e-6,
                err_msg=field,
            )
    for name, block in one.images.blocks.items():
        for field, values in vars(block).items():
            found = getattr(images.blocks[name], field)
            np.testing.assert_allclose(found, values, atol=2**-11, err_msg=field)  # of float16


def saved(out: Path) -> tuple[Profile, ProfiledImages]:
    return Profile.load(out), ProfiledImages.load(images_path(out))


def rounded(one: Gathered, tmp_path: Path) -> Gathered:
    """Return what a file of it holds."""
    one.save(tmp_path / "alone.safetensors")
    return Gathered(*saved(tmp_path / "alone.safetensors"), one.used)


def test_two_processes_find_what_one_does(alone, data: Path, tmp_path: Path):
    out = tmp_path / "two.safetensors"
    done = torchrun(2, SCRIPT, str(data), str(out), "none")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "used 37, unreadable 1\n"
    same(rounded(alone, tmp_path), *saved(out))


def test_a_killed_process_loses_nothing_that_was_written_whatever_goes_on(
    alone, network, data: Path, tmp_path: Path, monkeypatch
):
    out, parts = tmp_path / "killed.safetensors", tmp_path / "killed.parts"
    done = torchrun(2, SCRIPT, str(data), str(out), "1:3")
    assert done.returncode != 0
    assert f"exitcode: {-signal.SIGKILL}" in done.stderr
    assert not out.exists()
    written = len(list(parts.iterdir()))
    assert written == 2
    passed = []
    real = gathering.capture
    monkeypatch.setattr(gathering, "capture", lambda net, x: passed.append(len(x)) or real(net, x))
    found = gather_shared(
        ALONE,
        network,
        LabelledImages(data, "train"),
        data="made",
        parts=parts,
        skip_unreadable=True,
    )
    assert 0 < sum(passed) <= 37 - 3 * 4  # what was written is not passed again
    same(alone, found.profile, found.images)
    assert found.used == alone.used


class Shards(ImageStream):
    """A stream of shards of these sizes, of pictures of two classes."""

    def __init__(self, *sizes: int) -> None:
        super().__init__("made", "", classes=("a", "b"), shards=len(sizes))
        self.sizes = sizes

    def shard(self, i: int) -> Iterator[Stored]:
        for place in range(self.sizes[i]):
            number = 40 * i + place
            picture = tile(7 * number, number % 2, 40)
            picture.putpixel((number % 40, 20), (255, 255, 255))
            yield Stored(png(picture), number % 2, f"{i}/{place}")


class Fake(World):
    """A process of two that are run one after the other, the first last."""

    sent: ClassVar[list[bytes]]
    given: ClassVar[list[object]]

    def everyones(self, mine):
        if isinstance(mine, dict):
            return [mine, mine]
        self.given.append(mine)
        return self.given[::-1]

    def send(self, content: bytes) -> None:
        self.sent.append(content)

    def receive(self, rank: int) -> bytes:
        return self.sent[rank - 1]


def test_of_a_stream_processes_take_shards(network, monkeypatch):
    monkeypatch.setattr(Fake, "sent", [], raising=False)
    monkeypatch.setattr(Fake, "given", [], raising=False)
    sizes = 5, 9, 0, 6
    expected = gather(network, Shards(*sizes), data="made", quiet=True)
    shares = []
    for rank in (1, 0):
        work, gates = begin(network, Shards(*sizes), "made", world=Fake(rank, 2, 2))
        work.take(quiet=True)
        shares.append(sorted(work.share.pieces))
        work.join()
    assert shares == [[1, 3], [0, 2]]
    found = finish(work, gates)
    same(expected, found.profile, found.images)
    assert found.used.images == 20


def test_a_run_that_stops_goes_on_in_the_middle_of_a_shard(network, tmp_path: Path, monkeypatch):
    expected = gather(network, Shards(9, 9), data="made", quiet=True)
    (one, gates), real = begin(network, Shards(9, 9), "made", parts=tmp_path), gathering.capture

    def stop(loaded: LoadedModel, x: torch.Tensor):
        if gates.accumulator.images == 4:
            raise UserError("stopped")
        return real(loaded, x)

    monkeypatch.setattr(gathering, "capture", stop)
    with pytest.raises(UserError, match="stopped"):
        one.take(quiet=True, every=0)
    monkeypatch.setattr(gathering, "capture", real)
    other, gates = begin(network, Shards(9, 9), "made", parts=tmp_path)
    assert list(other._notes()) == ["4 images had been gathered before the last run stopped."]
    other.take(quiet=True)
    other.join()
    found = finish(other, gates)
    same(expected, found.profile, found.images)
    with pytest.raises(UserError, match="beginning of another run, of other data"):
        begin(network, Shards(9, 9, 9), "made", parts=tmp_path)


def test_more_processes_than_shards_are_told_of(network):
    work, _ = begin(network, Shards(3), "made", world=Fake(0, 2, 2))
    assert list(work._notes()) == [
        "made is read in 1 piece, so of the 2 processes some have nothing to do."
    ]
    assert list(begin(network, Shards(3), "made")[0]._notes()) == []


def test_a_short_run_leaves_no_file(network, tmp_path: Path):
    parts = tmp_path / "parts"
    gather_shared(ALONE, network, Shards(3), data="made", parts=parts)
    assert not parts.exists()


def test_unnamed_classes_of_a_stream_are_taken_to_be_the_networks(network):
    images = Shards(3)
    images.classes, images._titles = (), {}
    found = gather(network, images, data="made", quiet=True)
    assert found.profile.classes == network.labels
    assert found.profile.class_counts[:2] == (2, 1)
    (remark,) = found.used.remarks
    assert remark.startswith("made does not name its classes: they are taken to be the network's")
    assert found.profile.note == ""


def test_where_a_stream_is_sampled_it_is_said_that_it_depends_on_the_shards(network, monkeypatch):
    monkeypatch.setattr("seviz.reference.accumulator.sample_size", lambda columns: 4)
    found = gather(network, Shards(3, 3), data="made", quiet=True).profile
    assert found.note == "Which images are sampled depends on how the data set is cut into shards."
    found = gather(network, Shards(4), data="made", quiet=True).profile
    assert found.note == ""
