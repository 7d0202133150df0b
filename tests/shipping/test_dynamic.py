import pytest
from folders import class_folders

from seviz.measuring.arm_accuracy import measure_arms
from seviz.nets.embedded import ASSETS, DATA
from seviz.records.arms import INTACT, UNIFORM
from seviz.reference.profile import Profile
from seviz.shipping.dynamic import measure_dynamic
from seviz.shipping.measured import OF_SOME_CLASSES, read_figures
from seviz.shipping.part import Setting
from seviz.zoo.catalogue import find
from seviz.zoo.registered import statistics_name

KEY = "lab_resnet_stage4"
ARMS = ["intact", "static", "resampled", "uniform", "shuffled", "identity"]


@pytest.fixture(scope="module")
def setting(tmp_path_factory) -> Setting:
    """A few images of the laboratory's classes, and of one that it does not know."""
    root = tmp_path_factory.mktemp("dynamic")
    class_folders(root, [*find(KEY).folders, "n01443537x"], train=2, val=1)
    return Setting(root, root)


def test_a_variant_gets_statistics_and_is_measured_both_ways(setting: Setting):
    plain, made = measure_dynamic(KEY, setting)
    assert (plain["photographs"], made["photographs"]) == (False, True)
    assert plain["images"] == made["images"] == len(find(KEY).folders)
    assert [arm["arm"] for arm in plain["arms"]] == ARMS
    profile = Profile.load(setting.out / "lab" / f"{KEY}.profile.safetensors")
    assert profile.is_of(find(KEY))
    assert profile.images == 2 * plain["images"]
    (setting.data / "val" / "n01443537x" / "0.png").unlink()
    (setting.data / "val" / "n01443537x").rmdir()
    for found, photographs in ((plain, False), (made, True)):
        expected = measure_arms(KEY, setting.data, [INTACT, UNIFORM], photographs=photographs)
        by_arm = {arm["arm"]: arm["accuracy"]["mean"] for arm in found["arms"]}
        assert [by_arm[arm.arm] for arm in expected.arms] == [arm.top1 for arm in expected.arms]


@pytest.mark.parametrize("key", OF_SOME_CLASSES)
def test_the_statistics_of_each_variant_ship(key: str):
    file = ASSETS / "lab" / statistics_name(key)
    assert file.stat().st_size < 1_000_000
    profile, source = Profile.load(file), find(key)
    assert profile.is_of(source)
    assert profile.class_counts == (500,) * len(source.labels)
    assert profile.data == f"20 classes of {DATA} (train)"
    found = read_figures(Setting(None, ASSETS).figures)[f"dynamic_{key}"]
    assert found["weights"] == {key: source.digest}
    plain, made = found["found"]
    for of in (plain, made):
        assert of["images"] == 50 * len(source.labels)
        assert [arm["arm"] for arm in of["arms"]] == ARMS
