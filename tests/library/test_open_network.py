import pytest
from made_module import CLASSES, wrapped

import seviz


def test_it_says_what_it_is():
    with wrapped(labels=CLASSES, name="mine") as network:
        assert [block.name for block in network.blocks] == ["se1", "se2"]
        assert (network.labels, network.input_size, network.title) == (CLASSES, (3, 16, 16), "mine")
        assert repr(network).endswith("mine: 2 SE blocks, 3 classes, images 3×16×16>")
        assert network.loaded.key == network.source.key == network.key
    assert repr(network) == f"<seviz.Network {network.key}: closed>"
    for name in ("blocks", "labels", "input_size", "loaded", "source", "title"):
        with pytest.raises(seviz.UserError, match="is closed; open it again"):
            getattr(network, name)


def test_a_network_of_the_catalogue_is_closed_for_its_holder_alone():
    first, second = seviz.load("embedded"), seviz.load("embedded")
    first.close()
    with pytest.raises(seviz.UserError, match="“embedded” is closed"):
        _ = first.blocks
    assert len(second.blocks) == 16
