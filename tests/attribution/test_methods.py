from dataclasses import replace

import pytest
from networks import random_network
from timm.layers import SEModule
from torch import nn

from seviz.attribution.methods import METHODS, OTHER_NAMES, Method, reasons_against, unknown_method
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap

RELUS = {"deeplift", "guided_backprop", "deconvolution", "guided_gradcam"}


def made(*activations: nn.Module) -> LoadedModel:
    """Open a network of an SE block, whose activation is a ReLU of its own, and these."""

    def build() -> nn.Module:
        model = nn.Sequential(SEModule(3, rd_channels=2), *activations, nn.Flatten())
        model.num_classes = 3 * 4 * 4
        return model

    loaded = prepare(wrap("made", random_network(build)))
    return replace(loaded, input_size=(3, 4, 4))


def refused(loaded: LoadedModel) -> dict[str, str]:
    return {name: why for name, why in reasons_against(loaded).items() if why}


def test_every_method_is_right_for_a_network_of_relus():
    loaded = made(nn.ReLU(), nn.ReLU())
    assert list(reasons_against(loaded)) == list(METHODS)
    assert refused(loaded) == {}


def test_methods_that_change_relus_are_not_right_where_there_are_other_activations():
    why = "its activations are not ReLUs (GELU, SiLU)"
    found = refused(made(nn.SiLU(), nn.GELU(), nn.SiLU(), nn.ReLU()))
    assert found == dict.fromkeys(RELUS, why)


def test_deeplift_alone_is_not_right_where_a_relu_serves_twice():
    shared = nn.ReLU()
    assert refused(made(shared, shared)) == {"deeplift": "one ReLU serves several of its places"}


def test_what_a_network_is_offered_is_found_once():
    loaded = made()
    assert reasons_against(loaded) is reasons_against(loaded)


@pytest.mark.parametrize(("rows", "steps", "quick"), [(2, 0, True), (3, 0, False), (0, 2, True)])
def test_a_method_is_quick_if_rows_pass_once_or_twice(rows: int, steps: int, quick: bool):
    method = Method("m", "M", "", lambda n: rows or n, steps)
    assert method.quick is quick


def test_quick_methods_and_rows_are_those_of_the_article_that_each_is_of():
    assert {name for name, method in METHODS.items() if method.quick} == {
        *("gradcam", "saliency", "input_x_gradient", "layer_activation"),
        *RELUS,
    }
    rows = {name: method.rows(10) for name, method in METHODS.items() if not method.quick}
    assert rows == {
        "integrated_gradients": 10,
        "smoothgrad": 10,
        "gradient_shap": 10,
        "occlusion": 15 * 15 + 1,  # windows of an eighth by half their side, and the photograph
        "feature_ablation": 51,
    }


def test_which_maps_add_up_which_look_at_a_layer_and_which_register_hooks():
    having = {
        fact: {name for name, method in METHODS.items() if getattr(method, fact)}
        for fact in ("complete", "layered", "relus", "hooks")
    }
    layered = {"gradcam", "guided_gradcam", "layer_activation"}
    assert having == {
        "complete": {"integrated_gradients", "deeplift"},
        "layered": layered,
        "relus": RELUS,
        "hooks": RELUS | layered,
    }


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("ig", "did you mean integrated_gradients?"),
        ("Grad-CAM", "did you mean gradcam"),
        ("smooth grad", "did you mean smoothgrad"),
        ("SHAP", "did you mean gradient_shap?"),
        ("lrp", f"choose from {', '.join(METHODS)}."),
        (None, "choose from gradcam, "),
        ("\x1b" * 99, "choose from gradcam, "),
    ],
)
def test_an_unknown_method_is_told_of_the_nearest_or_else_of_all(name, advice: str):
    said = str(unknown_method(name))
    assert f"”; {advice}" in said
    assert said.isprintable()
    assert set(OTHER_NAMES.values()) <= set(METHODS)
