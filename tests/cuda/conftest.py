"""The same questions to two devices: CUDA is held against the CPU.

    make test-cuda                        # on a machine with a GPU; without one, it fails
    python -m pytest tests/cuda           # the same, but skipped without a GPU
    python -m pytest tests/cuda --rehearse    # the same tests, the CPU held against itself

As a part of all tests (`pytest` alone), they are skipped: there the GPU is hidden.
"""

import os
from collections.abc import Iterator

import pytest
import torch
from cuda_sides import Sides, of_catalogue, of_timm

OPTIONS = {
    "--require-gpu": "fail where there is no GPU, instead of skipping",
    "--rehearse": "let the CPU take CUDA's place, to try the tests themselves",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of these tests, which only exist where they are asked alone."""
    for name, says in OPTIONS.items():
        parser.addoption(name, action="store_true", help=says)


def pytest_configure(config: pytest.Config) -> None:
    """Hide the GPU from a rehearsal before anything has looked for one, or refuse to go on."""
    if config.getoption("--rehearse", False):
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    elif config.getoption("--require-gpu", False) and not torch.cuda.is_available():
        pytest.exit(_why_none(), returncode=1)


@pytest.fixture(scope="session", autouse=True)
def there(request) -> torch.device:
    """Return the device that is held against the CPU."""
    if request.config.getoption("--rehearse", False):
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    pytest.skip(_why_none())


@pytest.fixture
def cuda(there) -> torch.device:
    """Return the GPU, for what only CUDA has: it is skipped in a rehearsal."""
    if there.type != "cuda":
        pytest.skip("a rehearsal has no GPU's memory and clock")
    return there


@pytest.fixture(scope="session")
def small(there) -> Sides:
    """Return an SE-ResNet of the embedded plan with known random weights."""
    return of_timm("seresnet50_slim", there)


@pytest.fixture(scope="session")
def embedded(there) -> Sides:
    """Return the embedded network with its trained weights."""
    return of_catalogue("embedded", there)


@pytest.fixture(scope="session")
def large(there) -> Sides:
    """Return an SE-ResNet-50 of 224 pixels with known random weights."""
    return of_timm("seresnet50", there)


@pytest.fixture(scope="session")
def legacy(there) -> Sides:
    """Return the Caffe-style SE-ResNet-50, whose blocks are spelled otherwise."""
    return of_timm("legacy_seresnet50", there)


@pytest.fixture
def whole_memory() -> Iterator[None]:
    """Give the process all of the GPU's memory again, whatever a test left it."""
    yield
    torch.cuda.set_per_process_memory_fraction(1.0)
    torch.cuda.empty_cache()


def _why_none() -> str:
    """Say why no GPU is seen."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") == ""
    return "the GPU is hidden: ask `make test-cuda`" if hidden else "there is no GPU"
