import json

import timm
import torch
from safetensors.torch import load_file

from seviz.embedded import ARCHITECTURE, ASSETS, EMBEDDED_NAME

MOST_BYTES = 10_000_000  # the Hub refuses larger plain files


def test_the_weights_are_small_enough_to_travel_and_fit_the_network():
    file = ASSETS / f"{ARCHITECTURE}.safetensors"
    assert file.stat().st_size < MOST_BYTES
    model = timm.create_model(EMBEDDED_NAME, pretrained=True)
    shipped = load_file(file)
    assert torch.equal(model.fc.weight, shipped["fc.weight"].float())
    assert not shipped["layer4.2.se.fc2.weight"].eq(0).all()


def test_stages_2_to_5_see_32_16_8_and_4_pixels_a_side():
    model = timm.create_model(ARCHITECTURE)
    sides = []
    for name in ("layer1", "layer2", "layer3", "layer4"):
        stage = getattr(model, name)
        stage.register_forward_hook(lambda _, __, out: sides.append(tuple(out.shape[1:])))
    with torch.inference_mode():
        assert model.eval()(torch.zeros(1, 3, 64, 64)).shape == (1, 200)
    assert sides == [(64, 32, 32), (128, 16, 16), (256, 8, 8), (640, 4, 4)]


def test_its_classes_are_named_once_each_in_the_order_of_their_wnids():
    rows = (ASSETS / f"{ARCHITECTURE}.classes.tsv").read_text("utf-8").splitlines()
    wnids, names = zip(*(row.split("\t") for row in rows), strict=True)
    assert len(set(names)) == len(names) == 200
    assert list(wnids) == sorted(set(wnids))
    assert dict(zip(wnids, names, strict=True))["n02509815"] == "red panda"


def test_the_card_states_the_figures_of_the_run_that_is_shipped():
    facts = json.loads((ASSETS / f"{ARCHITECTURE}.json").read_text("utf-8"))
    card = (ASSETS / f"{ARCHITECTURE}.md").read_text("utf-8")
    last = facts["history"][-1]
    assert len(facts["history"]) == facts["recipe"]["epochs"]
    assert last["top1"] >= 0.25
    for figure in (f"{last['top1']:.1%}", f"{last['top5']:.1%}", facts["date"]):
        assert figure.replace("%", " %") in card
    for name, value in facts["recipe"].items():
        assert f"| {name} | {value} |" in card
