import threading
from collections.abc import Iterator

import pytest
import torch

from seviz.passes.cores import shared_cores


@pytest.fixture(autouse=True)
def four_cores() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    yield
    torch.set_num_threads(before)


def test_a_question_that_is_alone_takes_all_cores():
    for _ in range(2):
        with shared_cores():
            assert torch.get_num_threads() == 4
        assert torch.get_num_threads() == 4


@pytest.mark.parametrize(("others", "threads"), [(1, 2), (2, 1), (5, 1)])
def test_questions_that_come_later_take_their_share(others: int, threads: int):
    come, go = threading.Barrier(others + 1), threading.Event()

    def other() -> None:
        with shared_cores():
            come.wait(60)
            go.wait(60)

    beside = [threading.Thread(target=other) for _ in range(others)]
    for one in beside:
        one.start()
    come.wait(60)
    with shared_cores():
        assert torch.get_num_threads() == threads
    go.set()
    for one in beside:
        one.join()
    with shared_cores():
        assert torch.get_num_threads() == 4


def test_a_question_that_fails_gives_its_share_back():
    with pytest.raises(OSError), shared_cores():
        raise OSError
    with shared_cores():
        assert torch.get_num_threads() == 4
