from pathlib import Path

from torchrun import torchrun

from seviz.reference.world import ALONE, is_first, joined, processes

TOGETHER = """
import sys
from seviz.reference.world import joined

with joined() as world:
    ranks = world.everyones(world.rank)
    total = world.count(10 + world.rank)
    list(world.finish())
    total = world.count(0)
    if world.rank:
        world.send(b"bytes of %d" % world.rank)
        world.send(bytes(10**6))
    else:
        received = [world.receive(1), world.receive(1)]
        print(ranks, total, received[0], len(received[1]), world.size, world.on_machine)
    world.wait()
"""


def test_without_torchrun_a_process_is_alone(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    monkeypatch.setenv("RANK", "3")  # of something else
    assert (processes(), is_first()) == (1, True)
    with joined() as world:
        assert world is ALONE
    assert (world.everyones("mine"), world.count(5), list(world.finish())) == (["mine"], 5, [])
    world.wait()


def test_the_first_of_several_is_told_by_its_rank(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    for rank, first in (("0", True), ("1", False)):
        monkeypatch.setenv("RANK", rank)
        assert (processes(), is_first()) == (2, first)


def test_processes_count_together_and_the_first_receives(tmp_path: Path):
    (tmp_path / "together.py").write_text(TOGETHER)
    done = torchrun(2, str(tmp_path / "together.py"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[0, 1] 21 b'bytes of 1' 1000000 2 2\n"
