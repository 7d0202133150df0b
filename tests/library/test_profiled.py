import numpy as np
import pytest
from made_module import labelled, pixels, wrapped

import seviz
from seviz.reference.images import images_path


def test_statistics_are_shown_drawn_and_written(tmp_path):
    with wrapped(labels=["a", "b", "c"]) as own:
        found = own.profile(labelled(), loaders=1, quiet=True)
    assert found._table().headline == (
        "The gates of 2 blocks over 12 images (photographs of a list)."
    )
    assert found.to_arrays()["se2/class_mean"].shape == (3, 16)
    assert found.figure("classes").layout.meta["label"].startswith("What the gates of each block")
    depth = found.figure()
    median = next(trace for trace in depth.data if trace.name == "median")
    np.testing.assert_allclose(median.y[1], np.median(found.profile.blocks["se2"].s_mean))
    found.save(tmp_path / "a.safetensors")
    assert seviz.Profile.load(tmp_path / "a.safetensors").images == 12
    assert images_path(tmp_path / "a.safetensors").exists()


def test_without_classes_there_is_no_figure_of_them():
    with wrapped() as own:
        found = own.profile([pixels(i) for i in range(4)], loaders=1, quiet=True)
    with pytest.raises(seviz.UserError, match="no figure “classes” here; choose depth"):
        found.figure("classes")
