import pytest

from seviz.passes.refusals import offer_cpu, sentence

QUOTA = "ZeroGPU quota exceeded"
OWN = "You have exceeded your free ZeroGPU quota (7s requested vs. 3s left). Try again in {}. More."
SPACE = "Space app has reached its GPU limit. Try re-running outside of examples."


class Titled(Exception):
    """An error as Gradio's: a title and a message."""

    def __init__(self, title: str, message: str) -> None:
        super().__init__(message)
        self.title, self.message = title, message


@pytest.mark.parametrize(
    ("title", "message", "says"),
    [
        (
            QUOTA,
            OWN.format("0:20:10"),
            "needs 7 s of a GPU, and of today’s you have 3 s left: come",
        ),
        (QUOTA, OWN.format("0:20:10"), "come back in 21 min, or wait."),
        (QUOTA, OWN.format("1 day, 2:30:00"), "come back in 26 h 30 min, or wait."),
        (QUOTA, SPACE, "needs 9 s of a GPU, more than you have left today: come back within 24 h"),
        (QUOTA, "No GPU was available after 60s. Try", "No GPU is free now: come back in a minute"),
        ("ZeroGPU queue timeout", "No GPU was available after 60s. Retry later", "No GPU is free"),
        ("ZeroGPU client error", "No GPU was available", "No GPU is free now"),
        ("ZeroGPU client error", "Expired ZeroGPU proxy token", "could not be asked for: reload"),
        ("ZeroGPU illegal duration", "The requested GPU duration (9s)", "This needs 9 s of a GPU"),
        ("ZeroGPU pending credits exceeded", "You have too many", "come back when one is done"),
        ("ZeroGPU worker error", "GPU task aborted", "taken back before the answer, 9 s at most"),
    ],
)
def test_a_refusal_says_when_to_come_back_and_what_else_there_is(title, message, says):
    said = sentence(Titled(title, message), 9, offer="or wait")
    assert says in said
    assert said.endswith("or wait.")


def test_a_platform_that_does_not_answer_is_told_and_other_errors_are_not():
    broken = RuntimeError("ZeroGPU API /schedule error: 500 (Internal Server Error)")
    assert sentence(broken, 9, offer="or wait").startswith("The GPU could not be asked for")
    unreachable = type("ConnectError", (Exception,), {"__module__": "httpx"})("refused")
    assert sentence(unreachable, 9, offer="or wait").startswith("The GPU could not be asked for")
    assert sentence(Titled("ZeroGPU worker error", "ValueError"), 9, offer="") == ""
    assert sentence(ValueError("shapes differ"), 9, offer="") == ""


def test_the_offer_estimates_the_time():
    assert offer_cpu(0.2).endswith("about 1 s")
    assert offer_cpu(89).endswith("about 89 s")
    assert offer_cpu(150).endswith("about 2 min")
