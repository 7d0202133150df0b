"""The same questions for scripts: /models and /explain, typed JSON in and out."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import get_blocks_context
from gradio.utils import get_upload_folder

from seviz import catalogue
from seviz.errors import UserError
from seviz.export import TOPK, trace_arrays, trace_json
from seviz.images import read_photo
from seviz.records import arms_named
from seviz.trace import trace
from seviz.ui.upload import refusal, refuse_addresses
from seviz.zoo import Zoo

AT_ONCE = 4  # requests of one endpoint that run at a time; the rest wait in the queue


def build(zoo: Zoo) -> None:
    """Register the public endpoints inside the current gr.Blocks."""

    def models() -> list[dict[str, Any]]:
        """List the networks that can be opened, with their parameters, input size and licence."""
        return [catalogue.entry(key).to_json() for key in catalogue.all_keys()]

    def explain(
        photo: gr.FileData,
        model: str = catalogue.EMBEDDED,
        arms: list[str] = ["intact", "identity"],  # noqa: B006  # Gradio publishes the default
        topk: int = TOPK,
        arrays: bool = False,
    ) -> dict[str, Any]:
        """Trace a photograph: what the network answers in each arm, and its SE blocks.

        arms: intact (as trained) or identity (every gate = 1). With arrays, the result also holds
        z, s and s_computed by block (arms×C), and the logits (arms×K). A site's module is its
        path in the network.
        """
        try:
            return _explained(zoo, photo, model, arms, topk, arrays)
        except UserError as error:
            raise refusal(error) from error

    gr.api(models, api_name="models", concurrency_limit=AT_ONCE)
    gr.api(explain, api_name="explain", concurrency_limit=AT_ONCE)
    *_, endpoint = get_blocks_context().fns.values()
    refuse_addresses(endpoint.inputs[0])


def _explained(
    zoo: Zoo, photo: Any, model: Any, arms: Any, topk: Any, arrays: Any
) -> dict[str, Any]:
    """Answer /explain; Gradio publishes the types of its arguments but does not enforce them."""
    path = _uploaded(photo)
    if not isinstance(arms, list):
        raise UserError("arms is a list of names, such as [“intact”, “identity”].")
    if not isinstance(topk, int) or topk < 1:
        raise UserError(f"topk is {topk}; it counts classes, so a whole number, 1 or more.")
    record = trace(zoo.get(str(model)), read_photo(path), arms_named(map(str, arms)))
    result = trace_json(record, topk)
    for site in result["sites"]:  # gradio_client takes any object with a “path” for a file to fetch
        site["module"] = site.pop("path")
    if arrays:
        result["arrays"] = {key: array.tolist() for key, array in trace_arrays(record).items()}
    return result


def _uploaded(photo: Any) -> Path:
    """Return the path of an uploaded file; UserError for anything else a client may name."""
    path = photo.get("path") if isinstance(photo, dict) else None
    if isinstance(path, str):
        resolved = Path(path).resolve()
        if resolved.is_relative_to(Path(get_upload_folder()).resolve()):
            return resolved
    raise UserError("photo is an uploaded file; gradio_client's handle_file(path) makes one.")
