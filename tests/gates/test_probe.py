import gc
import threading
import weakref

import pytest
import torch
from every_host import close, without_gates, written_out
from networks import awake, randn, random_network

from seviz.errors import UserError
from seviz.gates.probe import Probe
from seviz.gates.sites import gate_function
from seviz.records.arms import IDENTITY, INTACT

BOTH = [INTACT, IDENTITY]


@torch.inference_mode()
def test_z_is_the_spatial_mean_and_s_the_written_out_excitation(network):
    _, model, probe, x = network
    names = [site.name for site in probe.sites]
    with probe.ask(BOTH, features_of=names) as captured:
        model(x.repeat(2, 1, 1, 1))
    for site in probe.sites:
        block = model.get_submodule(site.path)
        z = captured.u[site.name].mean((2, 3))
        close(captured.z[site.name], z)
        close(captured.s_computed[site.name], written_out(block, z))


@torch.inference_mode()
def test_intact_is_the_bare_network_and_identity_the_one_without_se_blocks(network):
    bare, model, probe, x = network
    with probe.ask(BOTH) as captured:
        intact, identity = model(x.repeat(2, 1, 1, 1))
    close(intact, bare(x)[0])
    close(identity, without_gates(bare, probe)(x)[0])
    assert not torch.allclose(intact, identity, rtol=1e-3)  # the question is not empty
    for site in probe.sites:
        assert torch.equal(captured.s[site.name][0], captured.s_computed[site.name][0])
        assert torch.equal(captured.s[site.name][1], torch.ones(site.channels))


@torch.inference_mode()
def test_an_arm_alone_and_in_company_gives_the_same(network):
    _, model, probe, x = network
    with probe.ask(BOTH) as together:
        rows = model(x.repeat(2, 1, 1, 1))
    with probe.ask([IDENTITY]) as alone:
        row = model(x)
    close(rows[1], row[0])
    for name in together.z:
        close(together.z[name][1], alone.z[name][0])


@torch.inference_mode()
def test_without_a_question_the_network_is_bit_by_bit_the_bare_one(network):
    bare, model, _, x = network
    assert torch.equal(model(x), bare(x))


@torch.inference_mode()
def test_an_error_in_the_middle_leaves_nothing_behind(network):
    bare, model, probe, x = network
    with pytest.raises(RuntimeError), probe.ask(BOTH):
        model(randn(2, 5, 16, 16))  # five colours
    assert torch.equal(model(x), bare(x))


@torch.inference_mode()
def test_features_are_kept_only_where_asked_for(network):
    _, model, probe, x = network
    name = probe.sites[0].name
    with probe.ask([INTACT], features_of=[name]) as captured:
        model(x)
    assert list(captured.u) == [name]


@torch.inference_mode()
def test_rows_name_their_arms_in_any_order(small):
    x = randn(1, 3, 64, 64)
    with small.probe.ask(BOTH, rows=[1, 0, 0]):
        rows = small.model(x.repeat(3, 1, 1, 1))
    with small.probe.ask(BOTH):
        intact, identity = small.model(x.repeat(2, 1, 1, 1))
    for row, expected in zip(rows, [identity, intact, intact], strict=True):
        close(row, expected)


@torch.inference_mode()
def test_a_question_that_cant_be_is_refused(small):
    with (
        pytest.raises(ValueError, match="name more than the 2 arms"),
        small.probe.ask(BOTH, [0, 2]),
    ):
        pass
    with pytest.raises(ValueError, match="1 batch rows, asked about 2"), small.probe.ask(BOTH):
        small.model(randn(1, 3, 64, 64))


def test_a_network_that_nobody_holds_is_freed_at_once():
    model = random_network("seresnet50_slim")
    probe, alive = Probe(model), weakref.ref(model)
    gc.disable()
    try:
        del model
        assert alive() is None
        assert probe.sites
    finally:
        gc.enable()


@torch.inference_mode()
def test_a_question_about_one_network_is_not_heard_by_another(small):
    other = awake("seresnet50_slim", seed=7)
    probe, x = Probe(other), randn(1, 3, 64, 64)
    alone = other(x)
    with small.probe.ask([IDENTITY]) as captured:
        assert torch.equal(other(x), alone)
    assert not captured.s
    with probe.ask([IDENTITY]):
        assert not torch.equal(other(x), alone)


def test_eight_threads_with_different_questions_get_what_each_gets_alone(small):
    images = [randn(1, 3, 64, 64, seed=i) for i in range(8)]
    questions = [[INTACT], [IDENTITY], BOTH, [IDENTITY, INTACT]] * 2

    @torch.inference_mode()
    def ask(i: int) -> tuple[torch.Tensor, torch.Tensor]:
        with small.probe.ask(questions[i]) as captured:
            logits = small.model(images[i].repeat(len(questions[i]), 1, 1, 1))
        return logits, torch.cat([*captured.s.values()], 1)

    alone = [ask(i) for i in range(8)]
    start, together = threading.Barrier(8), [[] for _ in range(8)]

    def run(i: int) -> None:
        start.wait()
        together[i] = [ask(i) for _ in range(5)]

    threads = [threading.Thread(target=run, args=[i]) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for expected, answers in zip(alone, together, strict=True):
        assert len(answers) == 5
        for answer in answers:
            close(answer[0], expected[0])
            close(answer[1], expected[1])


def test_gradients_flow_through_an_edited_pass(small):
    x = randn(1, 3, 64, 64).requires_grad_()
    with small.probe.ask(BOTH):
        logits = small.model(x.expand(2, -1, -1, -1))
    (gradient,) = torch.autograd.grad(logits[:, 0].sum(), x)
    assert gradient.abs().max() > 0


@torch.inference_mode()
def test_a_gate_is_its_activation_of_the_pre_activation_though_one_overwrites_it(network):
    _, model, probe, x = network
    names = [site.name for site in probe.sites]
    with probe.ask([INTACT], features_of=names) as captured:
        model(x)
    for site in probe.sites:
        gate = gate_function(model, probe.places[site.name])
        close(gate(captured.pre[site.name].clone()), captured.s_computed[site.name])


def test_a_pass_ends_at_the_block_that_the_question_names(network):
    _, model, probe, x = network
    first, *later = probe.sites
    x = x.clone().requires_grad_()
    with probe.ask([INTACT], features_of=[first.name], until=first.name) as captured:
        model(x)
        raise AssertionError("the pass went on")
    assert not set(captured.s).intersection(site.name for site in later)
    (gradient,) = torch.autograd.grad(captured.pre[first.name].sum(), x)
    assert gradient.any()
    assert model(x).isfinite().all()  # the next pass is whole again


def test_hooks_can_be_taken_off():
    model = random_network("seresnet18", num_classes=3).eval()
    probe = Probe(model, contiguous=True)
    assert any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
    probe.remove()
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
    probe.remove()  # again


def test_a_model_may_get_its_images_in_the_usual_order_of_memory():
    model = random_network("seresnet18", num_classes=3).eval()
    x = randn(1, 3, 32, 32).to(memory_format=torch.channels_last)
    orders = []
    for contiguous in (False, True):
        probe = Probe(model, contiguous=contiguous)
        note = model.conv1.register_forward_pre_hook(
            lambda _, inputs: orders.append(inputs[0].is_contiguous())
        )
        model(x)
        note.remove()
        probe.remove()
    assert orders == [False, True]


def test_a_network_without_se_has_a_probe_without_sites_where_that_will_do():
    model, x = awake("resnet18"), randn(1, 3, 32, 32)
    with pytest.raises(UserError, match="no Squeeze-and-Excitation block"):
        Probe(model)
    probe = Probe(model, gated=False)
    with torch.inference_mode(), probe.ask([INTACT]) as captured:
        model(x)
    assert probe.sites == () and not captured.s
