import numpy as np

from seviz.passes.answer_cache import VISITOR
from seviz.passes.dispatch import ANSWERS, ask
from seviz.passes.forward import trace
from seviz.passes.frame import trace_frame
from seviz.passes.gpu_seconds import count_rows
from seviz.records.arms import IDENTITY, INTACT

ARMS = [INTACT, IDENTITY]


def test_a_frame_is_answered_like_a_photograph(small, photo):
    frame, still = trace_frame(small, photo, ARMS, recorded={}), trace(small, photo, ARMS)
    np.testing.assert_array_equal(frame.logits, still.logits)
    for name, gates in still.s.items():
        np.testing.assert_array_equal(frame.s[name], gates)
    assert count_rows(trace_frame, small, photo, ARMS, recorded={}) == 4


def test_answers_to_frames_are_not_kept(photo):
    before = VISITOR.set("a page that sends frames")
    try:
        kept = ANSWERS.bytes
        ask(trace_frame, "embedded", photo, ARMS, recorded={})
        assert ANSWERS.bytes == kept
        ask(trace, "embedded", photo.rotate(7), ARMS)
        assert ANSWERS.bytes > kept  # as a photograph's is
    finally:
        VISITOR.reset(before)
