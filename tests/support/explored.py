"""The components that all parts of “Explore” share, outside any app."""

from seviz.ui.explore.first_answer import FirstAnswer
from seviz.ui.explore.inspector.layout import lay_out_fields
from seviz.ui.explore.layout import lay_out_answers, lay_out_rail, states
from seviz.ui.state import Asked


def lay_out_asked(start: str = "embedded", first: FirstAnswer | None = None) -> Asked:
    """Lay out what is asked inside the current gr.Blocks."""
    rail, answers = lay_out_rail(start, first), lay_out_answers(first)
    return Asked(**rail, **answers, **lay_out_fields(first), **states(), first=first)
