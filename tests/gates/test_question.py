"""Arms that part from one intact row give what they give side by side."""

from itertools import pairwise

import pytest
import torch
from every_host import close
from networks import randn
from torch import nn

from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.gates.sites import holder
from seviz.records.arms import IDENTITY, INTACT, Arm, Edit, Rule


def some_arms(sites) -> list[Arm]:
    """Arms that begin at the last, first and middle block, one with two edits, two intact."""
    first, middle, last = sites[0].name, sites[len(sites) // 2].name, sites[-1].name
    texts = [f"{last}=0", "intact", f"{first}[0:3]*=2; {last}=1", "uniform", "a: intact"]
    return parse_arms([*texts, f"{middle}=0.5", f"b: {middle}=0.5; {middle}*=0.5"])


@torch.inference_mode()
def test_arms_that_part_say_what_they_say_side_by_side(network):
    _, model, probe, x = network
    arms = some_arms(probe.sites)
    with probe.ask(arms) as apart:
        expected = model(x.repeat(len(arms), 1, 1, 1))
    with probe.branch(arms) as captured:
        logits = model(x)[captured.rows]
    close(logits, expected)
    for site in probe.sites:
        for ours, theirs in (
            (captured.z, apart.z),
            (captured.s, apart.s),
            (captured.s_computed, apart.s_computed),
        ):
            torch.testing.assert_close(ours[site.name], theirs[site.name], rtol=1e-5, atol=1e-6)


def test_what_lies_before_an_edit_is_computed_once(small):
    sweep = [Arm(site.name, (Edit(Rule("identity"), site.name),)) for site in small.probe.sites]
    # one row more at each of the sixteen blocks
    assert rows_per_block(small, [INTACT, *sweep, INTACT]) == list(range(2, 18))


def rows_per_block(small, arms, images: int = 1) -> list[int]:
    """Count the rows that each of the sixteen residual blocks computes."""
    rows: list[int] = []
    blocks = [m for m in small.model.modules() if type(m).__name__ == "Bottleneck"]
    hooks = [b.conv2.register_forward_pre_hook(lambda _, x: rows.append(len(x[0]))) for b in blocks]
    try:
        with torch.inference_mode(), small.probe.branch(arms, images=images):
            small.model(randn(images, 3, 64, 64))
    finally:
        for hook in hooks:
            hook.remove()
    return rows


def test_arms_that_begin_alike_share_the_blocks_that_they_have_in_common(small):
    names = [site.name for site in small.probe.sites]
    upto = [
        Arm(f"to {name}", tuple(Edit(Rule("identity"), n) for n in names[: d + 1]))
        for d, name in enumerate(names)
    ]
    assert rows_per_block(small, upto) == list(range(2, 18))  # each goes on from the one before
    assert rows_per_block(small, upto[::-1]) == list(range(2, 18))
    twice = [*upto[:1], *upto[:1], INTACT]
    assert rows_per_block(small, twice) == [2] * 16
    assert rows_per_block(small, upto[:3], images=5) == [10, 15, *[20] * 14]


@torch.inference_mode()
def test_arms_of_several_images_say_what_each_image_alone_says(network):
    _, model, probe, x = network
    one, two = probe.sites[0].name, probe.sites[-1].name
    texts = [f"a: {one}=0.5", f"b: {one}=0.5; {two}=0", "intact", f"c: {two}=0", f"d: {one}=2"]
    arms = [*parse_arms(texts), *some_arms(probe.sites)[4:]]
    images = torch.cat([x, x.flip(-1), x * 0.5])
    with probe.branch(arms, images=3) as captured:
        logits = model(images)[captured.rows].view(len(arms), 3, -1)
    for i, image in enumerate(images):
        with probe.ask(arms) as apart:
            close(logits[:, i], model(image[None].repeat(len(arms), 1, 1, 1)))
        for name, s in apart.s.items():
            ours = captured.s[name].view(len(arms), 3, -1)[:, i]
            torch.testing.assert_close(ours, s, rtol=1e-5, atol=1e-6)


@torch.inference_mode()
def test_an_arm_that_edits_nothing_there_is_equal_bit_by_bit(small):
    with small.probe.branch([INTACT, IDENTITY, INTACT]) as captured:
        logits = small.model(randn(1, 3, 64, 64))[captured.rows]
    assert torch.equal(logits[0], logits[2])


@torch.inference_mode()
def test_arms_with_the_same_edit_are_all_edited(small):
    first = small.probe.sites[0].name
    half = f"{first}=0.5"
    arms = parse_arms([f"a: {half}", "intact", f"b: {half}; {first}[0]=1", f"c: {half}"])
    with small.probe.branch(arms) as captured:
        a, intact, _, c = small.model(randn(1, 3, 64, 64))[captured.rows]
    close(a, c)
    assert not torch.equal(a, intact)
    gates = captured.s[first]
    assert gates[0].eq(0.5).all()
    assert gates[2, 1:].eq(0.5).all()
    assert gates[2, 0] == 1


def test_an_edit_of_no_place_is_refused_before_the_pass(small):
    with (
        pytest.raises(UserError, match="no block “SE_9_9” here"),
        small.probe.branch(parse_arms(["SE_9_9=0"])),
    ):
        pass


def test_a_batch_of_two_images_is_no_question_of_parting(small):
    with pytest.raises(ValueError, match="asked about"), small.probe.branch([INTACT]):
        small.model(randn(2, 3, 64, 64))


@torch.inference_mode()
def test_the_shift_is_the_moved_mean_of_the_next_blocks_norms_in_their_deviations(
    small, monkeypatch
):
    x = randn(1, 3, 64, 64)
    arms = [INTACT, IDENTITY, Arm("late", (Edit(Rule("set", 0.0), "SE_3_1"),))]
    inputs: dict[str, torch.Tensor] = {}
    norms = {
        name: norm
        for name, norm in small.model.layer2[1].named_modules()
        if isinstance(norm, nn.BatchNorm2d)
    }
    for norm in norms.values():
        monkeypatch.setattr(norm, "eps", 0.1)  # as 1e-5 it would hardly count
    hooks = [
        norm.register_forward_pre_hook(
            lambda _, i, name=name: inputs.__setitem__(name, i[0].clone())
        )
        for name, norm in norms.items()
    ]
    try:
        with small.probe.ask(arms):
            small.model(x.repeat(3, 1, 1, 1))
    finally:
        for hook in hooks:
            hook.remove()
    expected = []
    for name, norm in norms.items():
        means = inputs[name].mean((2, 3))
        expected.append(((means - means[0]).abs() / (norm.running_var + norm.eps).sqrt()).mean(1))
    with small.probe.branch(arms, norms=True) as captured:
        small.model(x)
    ours = torch.stack(captured.shifts["SE_3_1"]).mean(0)
    torch.testing.assert_close(ours, torch.stack(expected).mean(0), rtol=1e-5, atol=1e-6)
    assert ours[0] == 0 < ours[2]
    assert torch.stack(captured.shifts["SE_2_3"]).mean(0)[2] == 0  # before the late arm's edit
    assert list(captured.shifts) == [site.name for site in small.probe.sites[:-1]]


def test_gates_that_are_not_asked_for_are_not_kept(small):
    with small.probe.branch([INTACT, IDENTITY], gates=False) as captured:
        small.model(randn(1, 3, 64, 64))
    assert not (captured.z or captured.s or captured.shifts or captured.nudges)


def test_an_outer_question_stands_when_an_inner_one_has_ended(small):
    x = randn(1, 3, 64, 64)
    with torch.inference_mode(), small.probe.branch([IDENTITY]) as outer:
        with small.probe.branch([INTACT]):
            small.model(x)
        assert not outer.s
        small.model(x)
    assert (outer.s["SE_2_1"] == 1).all()


def test_holders_are_the_residual_blocks_and_hold_one_site_each(network):
    _, model, probe, _ = network
    holders = [holder(model, site, probe.sites) for site in probe.sites]
    paths = {id(module): path for path, module in model.named_modules()}
    for site, module in zip(probe.sites, holders, strict=True):
        assert site.path.startswith(paths[id(module)])
    for one, other in pairwise(holders):
        assert one is not other


def test_the_holder_of_se_4_6_is_its_bottleneck(small):
    site = next(site for site in small.probe.sites if site.name == "SE_4_6")
    assert holder(small.model, site, small.probe.sites) is small.model.layer3[5]


@torch.inference_mode()
def test_rows_that_branch_where_the_network_begins_say_the_same(network):
    _, model, probe, x = network
    arms = some_arms(probe.sites)
    with probe.branch(arms, norms=True) as captured:
        expected = model(x)[captured.rows]
    with probe.branch(arms, norms=True, whole=True) as whole:
        logits = model(x)
    assert len(logits) == 1 + sum(bool(arm.edits) for arm in arms)
    close(logits[whole.rows], expected)
    for name, s in captured.s.items():
        close(whole.s[name], s)
        close(whole.z[name], captured.z[name])
    assert list(whole.shifts) == list(captured.shifts)
    for name, shifts in captured.shifts.items():
        torch.testing.assert_close(whole.shifts[name], shifts, rtol=1e-4, atol=1e-5)


@torch.inference_mode()
def test_gates_put_in_place_branch_where_the_network_begins_too(network):
    _, model, probe, x = network
    gates = {site.name: randn(3, site.channels, seed=2).sigmoid() for site in probe.sites}
    with probe.put(gates):
        expected = model(x)
    with probe.put(gates, whole=True):
        close(model(x), expected)
