"""Rows branch only where a pass has shown that they get there what whole rows get."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from every_host import close
from networks import awake, randn
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.gates.grammar import parse_arms
from seviz.gates.probe import Probe
from seviz.nets.block import SEBlock
from seviz.passes import branching
from seviz.passes.batch_size import BatchSize, BatchSizes
from seviz.passes.branching import (
    WHOLE_NOTE,
    Branching,
    pass_arms,
    pass_gates,
    whole_note,
)
from seviz.passes.forward import retrace
from seviz.passes.logits import ForwardError
from seviz.records.arms import IDENTITY, INTACT
from seviz.zoo.models import LoadedModel, prepare
from seviz.zoo.sources import wrap


class Chain(nn.Module):
    """Two SE blocks, whose features `join` hands to the head; it gets those before each block."""

    def __init__(self, join: Callable[[Tensor, Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.stem, self.join, self.calls = nn.Conv2d(3, 8, 3), join, []
        self.one = nn.Sequential(nn.Conv2d(8, 8, 1), SEBlock(8, r=2))
        self.two = nn.Sequential(nn.Conv2d(8, 8, 1), SEBlock(8, r=2))
        self.head, self.num_classes = nn.Linear(8, 5), 5

    def forward(self, x: Tensor) -> Tensor:
        self.calls.append(len(x))
        before = self.stem(x)
        between = self.one(before)
        logits: Tensor = self.head(self.join(before, between, self.two(between)).mean((2, 3)))
        return logits


def plain(before: Tensor, between: Tensor, after: Tensor) -> Tensor:
    return after


def skip(before: Tensor, between: Tensor, after: Tensor) -> Tensor:
    """Like the dense and cross-stage networks of timm: a tensor passes by several blocks."""
    return torch.cat([between, after], 3)


def norm(features: Tensor) -> Tensor:
    """A batch norm without stored statistics, which has those of the batch."""
    return features - features.mean((0, 2, 3), keepdim=True) + features.std()


def chain(join: Callable[[Tensor, Tensor, Tensor], Tensor]) -> LoadedModel:
    return prepare(wrap("chain", awake(lambda: Chain(join))))


ARMS = parse_arms(["intact", "one.1=0", "two.1=identity", "uniform", "two.1[0:3]*=2"])


@torch.inference_mode()
def alone(loaded: LoadedModel, x: Tensor) -> list[tuple[Tensor, dict, dict]]:
    """What each arm gets that passes the network alone."""
    found = []
    for arm in ARMS:
        with loaded.probe.ask([arm]) as captured:
            logits = loaded.model(x)
        found.append((logits[0], captured.z, captured.s))
    return found


@torch.inference_mode()
def agree(loaded: LoadedModel, x: Tensor) -> None:
    logits, captured = pass_arms(loaded, x, ARMS)
    for row, (expected, z, s) in enumerate(alone(loaded, x)):
        close(logits[row], expected)
        for name in s:
            close(captured.z[name][row], z[name][0])
            close(captured.s[name][row], s[name][0])


def test_rows_branch_where_that_is_proved_and_the_proof_is_made_once():
    loaded, x = chain(plain), randn(1, 3, 9, 9)
    agree(loaded, x)
    known = Branching.of(loaded)
    assert known.proved == {frozenset(["one.1", "two.1"])}
    assert (known.fault, whole_note(loaded)) == ("", "")
    loaded.model.calls.clear()
    pass_arms(loaded, x, ARMS)
    pass_arms(loaded, x, ARMS[:2])  # at fewer blocks
    assert loaded.model.calls == [1, 1]


def test_each_set_of_blocks_is_proved_when_it_is_first_asked_about():
    loaded, x = chain(skip), randn(1, 3, 9, 9)
    pass_arms(loaded, x, [INTACT])
    assert Branching.of(loaded).proved == set()  # nothing branches
    pass_arms(loaded, x, ARMS[:2])
    assert Branching.of(loaded).proved == {frozenset(["one.1"])}
    pass_arms(loaded, x, ARMS[:3])
    assert "Sizes of tensors must match" in Branching.of(loaded).fault


def test_where_branching_raises_whole_rows_are_asked_from_then_on():
    loaded, x = chain(skip), randn(1, 3, 9, 9)
    agree(loaded, x)
    assert Branching.of(loaded).fault.startswith("RuntimeError: Sizes of tensors must match")
    assert whole_note(loaded) == WHOLE_NOTE
    loaded.model.calls.clear()
    pass_arms(loaded, x, ARMS)
    assert loaded.model.calls == [5]  # the rows of all five arms, from the begin


def test_where_rows_that_branch_silently_differ_whole_rows_are_asked_from_then_on():
    def unlike_alone(before: Tensor, between: Tensor, after: Tensor) -> Tensor:
        return after * (1 + (len(after) - len(before)))

    loaded, x = chain(unlike_alone), randn(1, 3, 9, 9)
    agree(loaded, x)
    assert Branching.of(loaded).fault == "rows that branch get other values"


def test_a_network_that_mixes_the_rows_of_a_batch_is_refused():
    loaded, x = chain(lambda before, between, after: norm(after)), randn(1, 3, 9, 9)
    with pytest.raises(UserError, match="In chain the images of a batch influence one another"):
        pass_arms(loaded, x, ARMS)
    close(pass_arms(loaded, x, [INTACT])[0], loaded.model(x))


def test_whole_rows_pass_in_parts_and_are_joined():
    loaded, x = chain(skip), randn(1, 3, 9, 9)
    loaded.cache[BatchSizes] = BatchSizes(BatchSize("cpu"), BatchSize("cpu"))
    loaded.cache[BatchSizes].forward.rows = 2
    agree(loaded, x)
    assert loaded.model.calls.count(1) > 3
    record = retrace(loaded, x[0].numpy(), ARMS)
    assert record.note == WHOLE_NOTE
    assert [len(s) for s in record.s.values()] == [len(ARMS)] * 2
    assert retrace(chain(plain), x[0].numpy(), ARMS).note == ""


def test_the_shift_of_norms_is_joined_as_the_rows_are():
    branching = prepare(wrap("net", awake("legacy_seresnet18", num_classes=5)))
    whole = prepare(branching.source)
    Branching.of(whole).refuse(whole, "for this test")
    whole.cache[BatchSizes] = BatchSizes(BatchSize("cpu"), BatchSize("cpu"))
    whole.cache[BatchSizes].forward.rows = 2
    arms = parse_arms(["intact", "all=0", "layer3.0.se_module=identity", "uniform"])
    image = randn(3, 64, 64).numpy()
    one, other = (retrace(loaded, image, arms) for loaded in (branching, whole))
    assert one.note != other.note
    assert list(one.shift) == list(other.shift) != []
    for name, shift in one.shift.items():
        np.testing.assert_allclose(other.shift[name], shift, rtol=1e-4, atol=1e-6)


def test_gates_that_are_put_in_place_pass_whole_rows_too():
    x, gates = randn(1, 3, 9, 9), {name: randn(4, 8).sigmoid() for name in ("one.1", "two.1")}
    branching, whole = chain(plain), chain(plain)
    Branching.of(whole).refuse(whole, "for this test")
    close(pass_gates(whole, x, gates), pass_gates(branching, x, gates))
    skipping = chain(skip)
    with torch.no_grad(), skipping.probe.put(gates, whole=True):
        expected = skipping.model(x)
    close(pass_gates(skipping, x, gates), expected)


def test_a_pass_that_raises_after_the_proof_is_asked_again_by_whole_rows():
    def few(before: Tensor, between: Tensor, after: Tensor) -> Tensor:
        if len(before) < len(after) and len(after) > 3:
            raise RuntimeError("too many")
        return after

    loaded, x = chain(few), randn(1, 3, 9, 9)
    pass_arms(loaded, x, ARMS[:3])
    assert Branching.of(loaded).fault == ""
    agree(loaded, x)
    assert Branching.of(loaded).fault == "RuntimeError: too many"


def test_a_network_that_raises_anyhow_says_so_in_a_sentence():
    def broken(before: Tensor, between: Tensor, after: Tensor) -> Tensor:
        raise KeyError("stage")

    loaded = chain(broken)
    for arms in ([INTACT], ARMS):
        with pytest.raises(ForwardError, match=r"an image of 9×9 pixels \(KeyError: 'stage'\)"):
            pass_arms(loaded, randn(1, 3, 9, 9), arms)


def test_other_errors_are_no_verdict(monkeypatch):
    loaded, x = chain(plain), randn(1, 3, 9, 9)
    with pytest.raises(UserError, match="nowhere"):
        pass_arms(loaded, x, parse_arms(["nowhere=0"]))

    def no_memory(*_: object, whole: bool = False, **__: object) -> None:
        if not whole:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return original(*_, whole=whole, **__)

    from seviz.passes import branching

    original = branching._pass
    monkeypatch.setattr(branching, "_pass", no_memory)
    with pytest.raises(torch.OutOfMemoryError):
        pass_arms(loaded, x, ARMS)
    monkeypatch.undo()
    agree(loaded, x)
    assert Branching.of(loaded).fault == ""


@torch.inference_mode()
def test_an_answer_that_is_not_finite_does_not_stop_rows_from_branching(small):
    loaded = replace(small, cache={})
    x = torch.full((1, 3, 64, 64), float("nan"))
    logits, _ = pass_arms(loaded, x, [INTACT, IDENTITY])
    assert logits.isnan().all()
    assert Branching.of(loaded).fault == ""
    assert isinstance(loaded.probe, Probe)


def test_many_arms_pass_in_parts_and_answer_as_in_one(small, monkeypatch):
    texts = ["intact", "SE_5*=0", "SE_2_1=0.5", "identity", "SE_4_1[3]=0"]
    arms = parse_arms(texts)
    x = randn(1, *small.input_size)
    logits, captured = pass_arms(small, x, arms, norms=True)
    passed = []
    monkeypatch.setattr(branching, "_pass", note_rows(branching._pass, passed))
    monkeypatch.setenv("SEVIZ_MAX_ROWS", "2")
    in_parts, parts = pass_arms(small, x, arms, norms=True)
    assert passed == [2, 2, 1]
    torch.testing.assert_close(in_parts, logits, rtol=1e-4, atol=1e-4)
    for name, shifts in captured.shifts.items():
        torch.testing.assert_close(parts.s[name], captured.s[name], rtol=1e-4, atol=1e-4)
        for ours, theirs in zip(parts.shifts[name], shifts, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-3)


def note_rows(run, passed: list[int]):
    def noted(loaded, x, arms, **how):
        passed.append(len(arms))
        return run(loaded, x, arms, **how)

    return noted
