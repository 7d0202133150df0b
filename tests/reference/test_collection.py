import numpy as np
from made_collection import made_collection

from seviz.reference.collection import WITHOUT, gather_collection
from seviz.zoo.catalogue import find

GATES = {"SE_2_1": [[0.1, 0.9], [0.3, 0.7], [0.6, 0.2]]}


def made(folders: list[str]):
    collection = made_collection(GATES, folders)
    object.__setattr__(collection, "model", "embedded")
    return collection


def test_the_statistics_are_those_of_the_gates_by_hand():
    gathered = gather_collection(made(["cat", "", "cat"]))
    profile, images = gathered.profile, gathered.images
    gates = np.array(GATES["SE_2_1"])
    block = profile.blocks["SE_2_1"]
    np.testing.assert_allclose(block.s_mean, gates.mean(0), atol=1e-7)
    np.testing.assert_allclose(block.s_std, gates.std(0), atol=1e-7)
    np.testing.assert_allclose(block.z_mean, 2 * gates.mean(0), atol=1e-6)
    np.testing.assert_allclose(block.class_mean[0], gates[[0, 2]].mean(0), atol=1e-6)
    assert profile.classes == ("cat", WITHOUT)
    assert profile.class_counts == (2, 1)
    assert profile.data == "your 3 photographs"
    assert profile.is_of(find("embedded"))
    names = [each.name for each in images.largest("SE_2_1", 0)]
    assert names == ["cat/2.png", "1.png", "cat/0.png"]
    assert images.is_of(profile)


def test_without_folders_all_are_of_one_class():
    profile = gather_collection(made(["", "", ""])).profile
    assert (profile.classes, profile.class_counts, profile.images) == ((WITHOUT,), (3,), 3)
