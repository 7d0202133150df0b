from seviz.ui.networks.layout import choices
from seviz.zoo.catalogue import all_sources


def test_all_networks_are_listed_those_without_se_last():
    keys = [key for _, key in choices()]
    assert keys[0] == "embedded"
    gated = [source.has_gates for source in all_sources()]
    assert gated == sorted(gated, reverse=True)
    lines = {key: line for line, key in choices()}
    assert lines["twin"].startswith("ResNet-50 slim · the twin without SE (")
