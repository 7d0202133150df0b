import pytest

from seviz.errors import UserError
from seviz.passes import dispatch, processes
from seviz.passes.dispatch import ask, fetch, fetch_arms, known_seconds, without_gates
from seviz.passes.estimate import PassRows
from seviz.records.arms import IDENTITY, INTACT, TWIN
from seviz.zoo import download
from seviz.zoo.models import LoadedModel


def square(loaded: LoadedModel, value: int, *, plus: int = 0) -> tuple[str, int]:
    return loaded.key, value**2 + plus


def refuse(loaded: LoadedModel) -> None:
    raise UserError(f"{loaded.key} refuses.")


def test_a_task_gets_the_network_and_its_arguments():
    assert ask(square, "seresnet50_slim", 3, plus=1) == ("embedded", 10)


def test_a_tasks_sentence_is_raised_here():
    with pytest.raises(UserError, match=r"embedded refuses\."):
        ask(refuse, "embedded")


def fail(loaded: LoadedModel, says: str) -> None:
    raise RuntimeError(says)


def test_short_memory_gets_a_sentence_and_other_errors_stay_as_they_are():
    with pytest.raises(UserError, match="device's memory does not suffice"):
        ask(fail, "embedded", "CUDA error: out of memory")
    with pytest.raises(RuntimeError, match="shapes differ"):
        ask(fail, "embedded", "shapes differ")


def test_an_unknown_network_is_refused_before_the_device_is_asked(monkeypatch):
    monkeypatch.setattr(dispatch, "_run", lambda *args, **kwargs: pytest.fail("asked"))
    with pytest.raises(UserError, match="There is no network"):
        ask(square, "seresnet5O", 3)


def test_weights_are_downloaded_here_and_only_where_the_network_is_not_in_memory(monkeypatch):
    calls: list[str] = []
    monkeypatch.setattr(download, "fetch", lambda source: calls.append(source.key))
    assert fetch("embedded") == "embedded"
    assert fetch("seresnet50") == "seresnet50.a1_in1k"
    assert calls == ["seresnet50.a1_in1k"]


def test_a_twins_weights_are_downloaded_where_an_arm_asks_for_it(monkeypatch):
    calls: list[str] = []
    monkeypatch.setattr(download, "fetch", lambda source: calls.append(source.key))
    assert fetch("seresnet50", [INTACT, TWIN]) == "seresnet50.a1_in1k"
    assert calls == ["seresnet50.a1_in1k", "resnet50.a1_in1k"]
    assert fetch_arms("embedded", [INTACT, TWIN]) == ([INTACT, TWIN], "")


def test_a_twin_that_cant_be_had_costs_no_other_arm_its_answer(monkeypatch):
    def offline(source) -> None:
        if not source.has_gates:
            raise UserError(f"The weights of {source.title} can't be used.")

    monkeypatch.setattr(download, "fetch", offline)
    found = fetch_arms("seresnet50", [TWIN, INTACT, IDENTITY])
    said = "The weights of ResNet-50 · a1_in1k · the twin without SE can't be used."
    assert found == ([INTACT, IDENTITY], said)


def test_networks_without_gates_are_refused_before_anything_is_downloaded(monkeypatch):
    monkeypatch.setattr(download, "fetch", lambda source: pytest.fail(source.key))
    for key in ("resnet50.a1_in1k", "twin"):
        with pytest.raises(UserError, match="the twin without SE has no Squeeze-and-Excitation"):
            ask(square, key, 3)


def test_the_device_is_told_for_each_network(monkeypatch):
    assert dispatch.device_for("seresnet50") == dispatch.device_for("embedded") == "CPU"
    monkeypatch.setattr(dispatch, "ZERO_GPU", True)
    monkeypatch.setattr(processes, "card", lambda: "NVIDIA H200")
    assert dispatch.device_for("embedded") == "CPU"
    assert dispatch.device_for("seresnet50") == "NVIDIA H200"
    with processes.prefer_cpu(True):
        assert dispatch.device_for("seresnet50") == "CPU"


def test_a_time_is_known_of_a_network_in_memory_and_nothing_is_fetched_for_it(monkeypatch):
    many = PassRows(forward=10_000)
    ask(square, "embedded", 1)
    assert known_seconds("embedded", many) > 0
    monkeypatch.setattr(download, "fetch", lambda source: pytest.fail(f"fetched {source.key}"))
    assert known_seconds("seresnet50", many) is None


def test_a_task_that_needs_no_gates_is_asked_of_a_network_without_se():
    assert ask(count_blocks, "twin") == 0
    assert ask(count_blocks, "embedded") == 16
    with pytest.raises(UserError, match="has no Squeeze-and-Excitation"):
        ask(square, "twin", 3)


@without_gates
def count_blocks(loaded) -> int:
    return len(loaded.probe.sites)
