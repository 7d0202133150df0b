import numpy as np

import seviz


def test_a_network_and_what_it_loaded_are_traced_alike(photo):
    network = seviz.load("embedded")
    ours = seviz.trace(network, photo, [seviz.INTACT])
    np.testing.assert_array_equal(
        seviz.trace(network.loaded, photo, [seviz.INTACT]).logits, ours.logits
    )
