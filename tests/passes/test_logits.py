import pytest
import torch
from networks import randn
from torch import nn

from seviz.errors import UserError
from seviz.passes.logits import ForwardError, logits_of
from seviz.watch import Stopped


class Returns(nn.Module):
    """A network that returns a value, or raises it."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value

    def forward(self, x: torch.Tensor) -> object:
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


X = randn(2, 3, 4, 6)


def test_logits_are_returned_as_they_are():
    logits = randn(2, 5)
    assert logits_of(Returns(logits), X, "Net") is logits


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ((randn(2, 5),), "a value of the type tuple"),
        ({"logits": randn(2, 5)}, "a value of the type dict"),
        ([randn(2, 5)], "a value of the type list"),
        (None, "a value of the type NoneType"),
        (randn(2, 5, 7, 7), "a tensor of 4 dimensions"),
        (randn(5), "a tensor of 1 dimensions"),
    ],
)
def test_what_is_no_logits_is_named(value, what: str):
    with pytest.raises(ForwardError) as raised:
        logits_of(Returns(value), X, "Net")
    assert str(raised.value) == (
        f"Net returns {what} and no logits, which are one row of numbers for each image; choose a "
        "network that returns logits."
    )
    assert raised.value.reason == f"returns {what}"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError("shape '[1]' is invalid\nat line 3"), "RuntimeError: shape '[1]' is invalid"),
        (AssertionError(), "AssertionError: "),
        (ValueError("x" * 900), f"ValueError: {'x' * 200}…"),
    ],
)
def test_a_network_that_raises_is_named_with_the_size_and_the_first_line(error, reason: str):
    with pytest.raises(ForwardError) as raised:
        logits_of(Returns(error), X, "Net")
    assert str(raised.value) == (
        f"Net can't pass an image of 6×4 pixels ({reason}); choose another network."
    )


@pytest.mark.parametrize("error", [Stopped(), UserError("Other."), torch.OutOfMemoryError("no")])
def test_stops_sentences_and_memory_are_no_faults_of_the_network(error):
    with pytest.raises(type(error)) as raised:
        logits_of(Returns(error), X, "Net")
    assert raised.value is error
