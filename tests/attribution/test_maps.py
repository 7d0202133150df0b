"""Attributions of several arms at once, against captum's own calls on bare networks."""

import threading
from copy import deepcopy
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from captum.attr import (
    Deconvolution,
    DeepLift,
    FeatureAblation,
    GradientShap,
    GuidedBackprop,
    GuidedGradCam,
    InputXGradient,
    IntegratedGradients,
    LayerActivation,
    LayerAttribution,
    LayerGradCam,
    NoiseTunnel,
    Occlusion,
    Saliency,
)
from captum.attr._core import gradient_shap as captum_shap
from corner import GATE, bright, made_corner
from every_host import without_gates
from networks import awake, random_network
from torch import nn

from seviz.attribution import calls, methods
from seviz.attribution import maps as maps_module
from seviz.attribution.blur import blur
from seviz.attribution.calls import Job
from seviz.attribution.layers import layer_path
from seviz.attribution.maps import attribute, attribute_each
from seviz.attribution.methods import METHODS, cost, reasons_against
from seviz.attribution.rows import Rows, replica
from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.gates.sites import holder
from seviz.passes.batch_size import BatchSizes
from seviz.passes.forward import arm_logits, trace
from seviz.records.arms import IDENTITY, INTACT, TWIN, Arm
from seviz.watch import Stopped, Watch
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel, load, load_twin, prepare
from seviz.zoo.registered import laboratory_sources
from seviz.zoo.sources import wrap

BOTH = [INTACT, IDENTITY]
TARGET = 186  # orange, of the answers to the photograph: another class may have no Grad-CAM above 0


@pytest.fixture(scope="module")
def net(zoo) -> LoadedModel:
    """The embedded network: of trained weights, so that maps are well above float32's noise."""
    return zoo.get("embedded")


@pytest.fixture(scope="module")
def image(net, photo) -> np.ndarray:
    return trace(net, photo, [INTACT]).image


@pytest.fixture(scope="module")
def bare(net) -> nn.Module:
    """The same network without a probe."""
    model = random_network("seresnet50_slim", num_classes=200).eval().requires_grad_(False)
    model.load_state_dict(net.model.state_dict())
    return model.to(memory_format=torch.channels_last)


@pytest.fixture(scope="module")
def job(net, image) -> Job:
    """What the drawn samples and superpixels follow from."""
    x = torch.from_numpy(image)[None]
    return Job(
        rows=Rows(net, [INTACT]),
        x=x,
        targets=torch.tensor([TARGET]),
        baseline=torch.zeros_like(x),
        layer="layer4.2",
        seen=net.visible(image),
        steps=6,
        seed=0,
    )


def smoothgrad(model: nn.Module, x: torch.Tensor, job: Job, patch) -> torch.Tensor:
    noisy = calls.noisy_images(job)
    parts = iter(noisy.split(4))
    patched(patch, lambda *_: next(parts).clone())
    tunnel = NoiseTunnel(Saliency(model))
    return tunnel.attribute(x, nt_samples=6, nt_samples_batch_size=4, target=TARGET, abs=False)


def gradient_shap(model: nn.Module, x: torch.Tensor, job: Job, patch) -> torch.Tensor:
    noisy, points, baselines = calls.shap_points(job)
    way = ((points - baselines) / (noisy - baselines))[:, 0, 0, 0].numpy()
    patched(patch, lambda input, *_: noisy.clone())
    patch.setattr("numpy.random.uniform", lambda *a, **k: way.astype(np.float32))
    patch.setattr("numpy.random.choice", lambda *a, **k: np.arange(6))
    placed = captum_shap._scale_input

    def the_same(*given) -> torch.Tensor:
        """Captum's points, but for their last bit, which may tip a ReLU."""
        torch.testing.assert_close(placed(*given), points)
        return points.clone().requires_grad_()

    patch.setattr(captum_shap, "_scale_input", the_same)
    return GradientShap(model).attribute(x, baselines, n_samples=6, target=TARGET)


def enlarged(coarse: torch.Tensor) -> torch.Tensor:
    return LayerAttribution.interpolate(coarse, (64, 64), "bilinear")


# Captum's own calls on a bare network m about an image x, given the same samples.
THEIRS = {
    "gradcam": lambda m, x, *_: enlarged(LayerGradCam(m, m.layer4).attribute(x, TARGET)),
    "integrated_gradients": lambda m, x, *_: IntegratedGradients(m).attribute(
        x, target=TARGET, n_steps=6
    ),
    "saliency": lambda m, x, *_: Saliency(m).attribute(x, TARGET, abs=False),
    "input_x_gradient": lambda m, x, *_: InputXGradient(m).attribute(x, TARGET),
    "smoothgrad": smoothgrad,
    "gradient_shap": gradient_shap,
    "deeplift": lambda m, x, *_: DeepLift(m).attribute(x, torch.zeros_like(x), TARGET),
    "guided_backprop": lambda m, x, *_: GuidedBackprop(m).attribute(x, TARGET),
    "deconvolution": lambda m, x, *_: Deconvolution(m).attribute(x, TARGET),
    "guided_gradcam": lambda m, x, *_: GuidedGradCam(m, m.layer4).attribute(
        x, TARGET, interpolate_mode="bilinear"
    ),
    "occlusion": lambda m, x, *_: Occlusion(m).attribute(
        x, (3, 16, 16), (3, 8, 8), 0, TARGET, perturbations_per_eval=7
    ),
    "feature_ablation": lambda m, x, job, _: FeatureAblation(m).attribute(
        x, 0, TARGET, feature_mask=calls.superpixels(job)
    ),
    "layer_activation": lambda m, x, *_: enlarged(
        LayerActivation(m, m.layer4).attribute(x).mean(1, keepdim=True)
    ),
}


def theirs(name: str, model: nn.Module, job: Job, patch) -> torch.Tensor:
    return THEIRS[name](deepcopy(model), job.x.clone().requires_grad_(), job, patch)


def patched(monkeypatch, noise) -> None:
    monkeypatch.setattr(NoiseTunnel, "_add_noise_to_input", staticmethod(noise))


def close(ours: np.ndarray, other: torch.Tensor) -> None:
    other = other.detach().numpy()[0]
    assert ours.shape == other.shape
    assert np.linalg.norm(ours - other) <= 1e-5 * np.linalg.norm(other)


@pytest.fixture(autouse=True)
def coarse(monkeypatch) -> None:
    """Fewer windows and pieces than people get: the same code, in less time."""
    for module in (calls, methods):
        monkeypatch.setattr(module, "WINDOWS", 4)
        monkeypatch.setattr(module, "SUPERPIXELS", 12)


@pytest.mark.parametrize("name", METHODS)
def test_an_arms_map_is_captums_own_on_a_bare_network(name, net, bare, image, job, monkeypatch):
    steps = 6 if METHODS[name].steps else None
    for arm, network in ((INTACT, bare), (IDENTITY, without_gates(bare, net.probe))):
        fresh = replace(net, cache={})
        found = attribute(fresh, image, [arm], method=name, target=TARGET, steps=steps)
        with monkeypatch.context() as patch:
            close(found.maps[0], theirs(name, network, job, patch))


@pytest.mark.parametrize("name", METHODS)
def test_arms_together_are_as_each_alone(name, net, image):
    steps = 4 if METHODS[name].steps else None
    both = attribute(net, image, BOTH, method=name, target=TARGET, steps=steps)
    assert np.linalg.norm(both.maps[0]) > 0
    for row, arm in enumerate(BOTH):
        alone = attribute(net, image, [arm], method=name, target=TARGET, steps=steps).maps[0]
        # Rounding in parts of other sizes may tip a ReLU.
        assert np.linalg.norm(both.maps[row] - alone) <= 2e-3 * np.linalg.norm(alone)


@pytest.mark.parametrize("name", METHODS)
def test_an_arm_equal_to_intact_differs_by_exactly_nothing(name, net, image):
    arms = [INTACT, Arm("again"), *parse_arms(["nothing: all*=1"])]
    found = attribute(net, image, arms, method=name, target=TARGET, steps=4)
    assert not (found.maps[0] - found.maps[1]).any()
    assert not (found.maps[0] - found.maps[2]).any()


@pytest.mark.parametrize("name", [m.name for m in METHODS.values() if m.quick] + ["smoothgrad"])
def test_images_together_are_as_each_alone(name, net, image):
    images = np.stack([image, image[:, ::-1].copy(), 0.5 * image])
    targets, arms = [TARGET, 20, 96], [*BOTH, Arm("again")]
    together = attribute_each(net, images, arms, method=name, targets=targets)
    for one, target, found in zip(images, targets, together, strict=True):
        alone = attribute(net, one, arms, method=name, target=target)
        assert found.target.index == target
        assert found.target.logit == pytest.approx(alone.target.logit, rel=1e-3)
        assert found.maps.shape == alone.maps.shape
        assert np.linalg.norm(found.maps - alone.maps) <= 2e-3 * np.linalg.norm(alone.maps)
        if alone.scores is not None:
            np.testing.assert_allclose(found.scores, alone.scores, rtol=1e-3)
            np.testing.assert_allclose(found.totals, alone.totals, rtol=2e-3, atol=1e-3)


def test_many_images_take_no_more_rows_at_once_than_suit_the_device(net, image, monkeypatch):
    forward, most = Rows._pass, []

    def counted(self, x, row):
        most.append(len(x))
        return forward(self, x, row)

    monkeypatch.setattr(Rows, "_pass", counted)
    monkeypatch.setattr(BatchSizes.of(net).gradients, "rows", 4)
    monkeypatch.setattr(BatchSizes.of(net).gradients, "_settled", True)
    attribute_each(net, np.stack([image] * 5), BOTH, method="gradcam", targets=[TARGET] * 5)
    assert most == [4, 4, 2]


NETWORKS = {
    "embedded": "seresnet50_slim",
    "legacy": "legacy_seresnet18",
    "seresnet": "seresnet18",
    "efficientnet": "efficientnet_b0",
}
ANY = {"gradcam", "integrated_gradients", "saliency", "input_x_gradient", "smoothgrad"}
ANY |= {"gradient_shap", "occlusion", "feature_ablation", "layer_activation"}
RELU = {"guided_backprop", "deconvolution", "guided_gradcam"}
RIGHT = {
    "embedded": ANY | RELU | {"deeplift"},
    "seresnet": ANY | RELU | {"deeplift"},
    "legacy": ANY | RELU,  # one ReLU serves several places
    "efficientnet": ANY,  # SiLU
}


@pytest.fixture(params=NETWORKS, scope="module")
def network(request) -> tuple[str, LoadedModel, np.ndarray]:
    loaded = prepare(wrap(request.param, awake(NETWORKS[request.param])))
    loaded = replace(loaded, input_size=(3, 64, 64))
    return request.param, loaded, np.random.default_rng(0).random((3, 64, 64), np.float32)


def test_each_network_offers_what_is_right_for_it_and_that_works(network):
    name, loaded, image = network
    assert {method for method, why in reasons_against(loaded).items() if not why} == RIGHT[name]
    for method in METHODS:
        if method in RIGHT[name]:
            found = attribute(loaded, image, BOTH, method=method, target=1, steps=2)
            assert found.maps.shape[0] == 2
            assert found.maps.shape[2:] == (64, 64)
            assert np.isfinite(found.maps).all()
        else:
            with pytest.raises(UserError, match="is not right for"):
                attribute(loaded, image, BOTH, method=method)


def test_integrated_gradients_are_complete_and_say_how_much(net, image):
    found = attribute(net, image, BOTH, method="integrated_gradients", target=TARGET)
    ends = arm_logits(net, image, BOTH) - arm_logits(net, np.zeros_like(image), BOTH)
    np.testing.assert_allclose(found.scores, ends[:, TARGET], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found.totals, found.maps.sum((1, 2, 3)), rtol=1e-3)
    assert (found.errors <= 0.05).all()


def test_steps_grow_until_the_map_is_complete_or_a_limit(net, image, monkeypatch):
    monkeypatch.setattr(maps_module, "MOST_STEPS", 8)
    monkeypatch.setattr(maps_module, "TOLERANCE", -1.0)
    hurried = replace(METHODS["integrated_gradients"], steps=2)
    monkeypatch.setitem(METHODS, "integrated_gradients", hurried)
    assert attribute(net, image, BOTH, method="integrated_gradients").steps == 8
    monkeypatch.setattr(maps_module, "TOLERANCE", 1e9)
    assert attribute(net, image, BOTH, method="integrated_gradients").steps == 2


def test_a_linear_network_needs_no_more_steps_than_the_first_32():
    found = attribute(made_corner(), bright(), [INTACT], method="integrated_gradients", target=1)
    assert found.steps == 32
    assert found.scores == pytest.approx(24 * GATE, abs=1e-4)


@pytest.fixture(scope="module")
def bare_twin(net) -> nn.Module:
    """The twin, apart from what the network keeps of it."""
    return deepcopy(load_twin(net))


@pytest.mark.parametrize("name", METHODS)
def test_the_twins_map_is_captums_own_on_the_twin(name, net, bare_twin, image, job, monkeypatch):
    steps = 6 if METHODS[name].steps else None
    fresh = replace(net, cache={})
    found = attribute(fresh, image, [TWIN], method=name, target=TARGET, steps=steps)
    with monkeypatch.context() as patch:
        close(found.maps[0], theirs(name, bare_twin, job, patch))
    assert found.layer == ("SE_5_3" if METHODS[name].layered else "")


@pytest.mark.parametrize("name", METHODS)
def test_beside_the_twin_each_arm_has_the_map_that_it_has_alone(name, net, image):
    steps = 6 if METHODS[name].steps else None
    options = {"method": name, "target": TARGET, "steps": steps}
    arms = [IDENTITY, TWIN, INTACT, Arm("again", TWIN.edits)]
    found = attribute(net, image, arms, **options)
    for row, arm in enumerate(arms):
        alone = attribute(net, image, [arm], **options)
        close(found.maps[row], torch.from_numpy(alone.maps))
        if found.scores is not None:
            assert found.scores[row] == pytest.approx(alone.scores[0], rel=1e-4, abs=1e-4)


def test_the_twin_is_explained_for_several_images_at_once(net, image):
    images = np.stack([image, image[:, ::-1].copy()])
    each = attribute_each(net, images, [INTACT, TWIN], method="gradcam")
    twin = load_twin(net)
    for one, found in zip(images, each, strict=True):
        alone = attribute(net, one, [INTACT, TWIN], method="gradcam")
        assert found.target.index == alone.target.index
        np.testing.assert_allclose(found.maps, alone.maps, rtol=1e-3, atol=1e-4)
    first = attribute(net, image, [TWIN, INTACT], method="gradcam")
    with torch.inference_mode():
        logits = twin(torch.from_numpy(image)[None])
    assert first.target.index == int(logits.argmax())  # the first arm's answer


def test_the_twins_integrated_gradients_are_refined_until_both_are_complete(net, image):
    found = attribute(net, image, [INTACT, TWIN], method="integrated_gradients", target=TARGET)
    assert (found.errors <= maps_module.TOLERANCE).all() or found.steps == maps_module.MOST_STEPS


def test_a_network_without_a_twin_says_so(small, image):
    with pytest.raises(UserError, match="small has no twin without SE"):
        attribute(small, image, [INTACT, TWIN])


@pytest.mark.parametrize("key", [k for k, s in laboratory_sources().items() if s.has_gates])
def test_the_blocks_of_every_laboratory_network_are_also_its_twins(key):
    loaded = load(key)
    image = np.random.default_rng(0).standard_normal(loaded.input_size).astype(np.float32)
    for site in loaded.probe.sites:
        path = layer_path(loaded, site)
        ours, plain = loaded.model.get_submodule(path), load_twin(loaded).get_submodule(path)
        inside = f"{site.path.removeprefix(f'{path}.')}."
        shapes = {n: p.shape for n, p in ours.named_parameters() if not n.startswith(inside)}
        assert shapes == {n: p.shape for n, p in plain.named_parameters()}
    found = attribute(loaded, image, [INTACT, TWIN], method="gradcam", target=3)
    assert found.maps.shape == (2, 1, *loaded.input_size[1:])
    assert find(key).twin.labels == loaded.labels
    assert find(key).twin.config == loaded.source.config


class Linear(nn.Module):
    """Logits that are linear in the pixels, with an SE block whose gates are always 1."""

    def __init__(self) -> None:
        super().__init__()
        from timm.layers import SEModule

        self.se = SEModule(3, rd_channels=1, gate_layer=One)
        self.fc = nn.Linear(3 * 8 * 8, 4)
        self.num_classes = 4

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.se(x).flatten(1))


class One(nn.Module):
    """A gate that is 1 whatever it is given."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.ones_like(x)


@pytest.mark.parametrize(
    "name", ["integrated_gradients", "saliency", "input_x_gradient", "smoothgrad", "gradient_shap"]
)
def test_on_a_linear_network_methods_are_exact(name):
    loaded = replace(prepare(wrap("linear", random_network(Linear))), input_size=(3, 8, 8))
    image = np.random.default_rng(1).standard_normal((3, 8, 8)).astype(np.float32)
    found = attribute(loaded, image, [INTACT], method=name, target=2, steps=200)
    weights = loaded.model.fc.weight[2].view(3, 8, 8).numpy()
    if name == "gradient_shap":  # an expectation over baselines and noise
        baselines = [
            np.zeros_like(image),
            blur(torch.from_numpy(image)[None])[0].numpy(),
        ]
        expected = weights * (image - np.mean(baselines, 0))
        assert np.corrcoef(found.maps[0].ravel(), expected.ravel())[0, 1] > 0.99
        return
    expected = weights if name in ("saliency", "smoothgrad") else weights * image
    np.testing.assert_allclose(found.maps[0], expected, rtol=1e-4, atol=1e-6)


def test_occlusion_of_a_small_picture_moves_windows_of_two_pixels(monkeypatch):
    monkeypatch.setattr(calls, "WINDOWS", 8)  # as people get it
    loaded = replace(prepare(wrap("linear", random_network(Linear))), input_size=(3, 8, 8))
    image = np.random.default_rng(1).standard_normal((3, 8, 8)).astype(np.float32)
    found = attribute(loaded, image, [INTACT], method="occlusion", target=2)
    pixels = (loaded.model.fc.weight[2].view(3, 8, 8).numpy() * image).sum(0)
    total, count = np.zeros((8, 8)), np.zeros((8, 8))
    for row, column in product(range(7), range(7)):
        window = np.s_[row : row + 2, column : column + 2]
        total[window] += pixels[window].sum()  # what the logit loses without it
        count[window] += 1
    np.testing.assert_allclose(found.maps[0], [total / count] * 3, rtol=1e-3, atol=1e-5)


def test_layers_are_named_by_their_blocks(net, image):
    last = attribute(net, image, BOTH, method="gradcam", target=TARGET)
    assert last.layer == "SE_5_3"
    early = attribute(net, image, BOTH, method="gradcam", target=TARGET, layer="SE_3_4")
    assert early.layer == "SE_3_4"
    assert not np.allclose(early.maps, last.maps)
    site = net.probe.sites[-1]
    assert holder(net.model, site, net.probe.sites) is net.model.layer4[2]
    with pytest.raises(UserError, match="no block “SE_9_9”"):
        attribute(net, image, BOTH, method="gradcam", layer="SE_9_9")


def test_unknown_methods_get_the_list(net, image):
    with pytest.raises(UserError, match="no method “lrp”; choose from gradcam"):
        attribute(net, image, BOTH, method="lrp")


def test_a_replica_shares_its_parameters_and_keeps_hooks_to_itself(net):
    copied = replica(net.model)
    assert copied is not net.model
    pairs = zip(copied.parameters(), net.model.parameters(), strict=True)
    assert all(a is b for a, b in pairs)
    copied.act1.register_forward_hook(lambda *_: None)
    assert not net.model.act1._forward_hooks


def test_visitors_with_other_questions_get_what_each_would_get_alone(net, image):
    questions = [
        (BOTH, "guided_backprop", 3),
        ([INTACT], "deconvolution", 9),
        (parse_arms(["intact", "SE_4*=0.5"]), "gradcam", 11),
        ([IDENTITY], "deeplift", 1),
        (BOTH, "layer_activation", 2),
        (parse_arms(["uniform"]), "saliency", 4),
    ]
    alone = [attribute(net, image, arms, method=m, target=t).maps for arms, m, t in questions]
    found: dict[tuple[int, int], np.ndarray] = {}

    def visit(i: int, turn: int) -> None:
        arms, method, target = questions[i]
        found[i, turn] = attribute(net, image, arms, method=method, target=target).maps

    for turn in range(3):
        visitors = [threading.Thread(target=visit, args=(i, turn)) for i in range(len(questions))]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
    assert len(found) == 3 * len(questions)
    for (i, _), maps in found.items():
        assert np.linalg.norm(maps - alone[i]) <= 2e-3 * np.linalg.norm(alone[i])


def test_work_stops_within_a_pass(net, image):
    watch = Watch()
    watch.stop()
    for method in ("gradcam", "integrated_gradients", "occlusion", "guided_backprop"):
        with pytest.raises(Stopped):
            attribute(net, image, BOTH, method=method, target=TARGET, watch=watch)
    watch.close()
    assert all(p.grad is None and not p.requires_grad for p in net.model.parameters())


def test_a_stop_is_heard_on_the_way_back_too(net, image):
    class Late(Watch):
        """Stops when it has been asked more often than a forward pass asks."""

        asked = 0

        def check(self) -> None:
            self.asked += 1
            if self.asked > 2 * len(net.probe.sites) + 3:
                raise Stopped

    watch = Late()
    with pytest.raises(Stopped):
        attribute(net, image, BOTH, method="integrated_gradients", target=TARGET, watch=watch)
    assert watch.asked == 2 * len(net.probe.sites) + 4
    watch.close()


def test_progress_reaches_the_end(net, image):
    for method in ("integrated_gradients", "occlusion", "smoothgrad"):
        watch = Watch()
        attribute(net, image, BOTH, method=method, target=TARGET, steps=4, watch=watch)
        assert watch.share > 0.9
        watch.close()


def test_more_steps_take_no_more_memory(net, image, monkeypatch):
    """Neither the rows that pass at once nor what captum holds grow with the steps of a path."""
    forward, most = Rows._pass, {}

    def counted(self, x, arm):
        held = x.untyped_storage().size() // (x[0].numel() * x.element_size())
        most[steps] = max(most.get(steps, 0), held)
        return forward(self, x, arm)

    monkeypatch.setattr(Rows, "_pass", counted)
    for steps in (8, 64):
        monkeypatch.setattr(BatchSizes.of(net).gradients, "rows", 8)
        monkeypatch.setattr(BatchSizes.of(net).gradients, "_settled", True)
        attribute(net, image, BOTH, method="integrated_gradients", target=TARGET, steps=steps)
    assert most == {8: 8, 64: 8}


def test_short_memory_halves_the_parts_and_changes_no_map(net, image, monkeypatch):
    whole = {
        m: attribute(net, image, BOTH, method=m, target=TARGET, steps=4).maps
        for m in ("integrated_gradients", "gradcam", "occlusion")
    }
    forward = Rows._pass

    def short(self, x, arm):
        if len(x) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(self, x, arm)

    monkeypatch.setattr(Rows, "_pass", short)
    for method, maps in whole.items():
        found = attribute(
            replace(net, cache={}), image, BOTH, method=method, target=TARGET, steps=4
        )
        assert np.linalg.norm(found.maps - maps) <= 2e-3 * np.linalg.norm(maps)
        assert found.note == ""


def test_without_memory_for_one_row_work_moves_to_the_cpu_and_says_so(net, image, monkeypatch):
    crowded = replace(net, device=torch.device("cpu"), cache={})
    elsewhere = replace(net, cache={})
    maps = attribute(net, image, BOTH, method="gradcam", target=TARGET).maps
    forward = Rows._pass

    def short(self, x, arm):
        if self.loaded is crowded:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(self, x, arm)

    monkeypatch.setattr(Rows, "_pass", short)
    with pytest.raises(UserError, match="memory does not suffice"):
        attribute(crowded, image, BOTH, method="gradcam", target=TARGET)
    from seviz.attribution import cpu_fallback

    monkeypatch.setattr(cpu_fallback, "on_gpu", lambda loaded: True)
    monkeypatch.setattr(cpu_fallback, "on_cpu", lambda loaded: elsewhere)
    found = attribute(crowded, image, BOTH, method="gradcam", target=TARGET)
    np.testing.assert_allclose(found.maps, maps, rtol=1e-4, atol=1e-6)
    assert found.note == cpu_fallback.CPU_NOTE


def test_bfloat16_is_close(net, image):
    exact = attribute(net, image, BOTH, target=TARGET).maps
    rounded = attribute(net, image, BOTH, target=TARGET, bfloat16=True).maps
    off = np.linalg.norm(rounded - exact) / np.linalg.norm(exact)
    assert 0 < off < 0.05


def test_the_cost_of_a_method_is_that_of_its_own_steps_unless_others_are_asked_for():
    assert [cost("integrated_gradients", steps) for steps in (0, 2)] == [32, 2]
    assert cost("integrated_gradients") == 32
    assert cost("gradcam") == 1
