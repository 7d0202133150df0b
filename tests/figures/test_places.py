import numpy as np

from seviz.figures.overlay import HEIGHT
from seviz.figures.places import places_figures
from seviz.records.places import GatePlaces

SEEN = np.full((8, 16, 3), 90, np.uint8)
U = np.array([[0.0, 1.0], [2.0, -4.0]], np.float32)
MAP = np.array([[0.02, -0.01], [0.0, 0.005]], np.float32)


def made() -> GatePlaces:
    return GatePlaces("SE_4_6", 17, 0.5, 0.4, MAP, U, 0.5 * U)


def test_the_places_have_a_scale_of_their_own_and_u_and_its_product_share_one():
    figures = places_figures(made(), SEEN)
    places, before, after = (f.data[0] for f in (figures.places, figures.before, figures.after))
    assert np.array_equal(places.z, MAP)
    assert places.zmax == -places.zmin == np.float32(0.02)
    assert np.array_equal(before.z, U)
    assert np.array_equal(after.z, 0.5 * U)
    assert (before.zmin, before.zmax) == (after.zmin, after.zmax) == (-4, 4)
    assert "SE_4_6[17]" in figures.places.layout.meta["label"]
    assert figures.places.layout.height == HEIGHT
    assert [of.colorbar.title.text for of in (places, before, after)] == ["added to s", "U", "s·U"]


def test_maps_of_nothing_but_zeros_have_a_scale():
    nothing = np.zeros((2, 2), np.float32)
    figures = places_figures(GatePlaces("b", 0, 0, 0, nothing, nothing, nothing), SEEN)
    for figure in (figures.places, figures.before, figures.after):
        assert figure.data[0].zmin < 0 < figure.data[0].zmax
