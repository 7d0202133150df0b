"""The packages of the extra “onnx”."""

from importlib.util import find_spec

from seviz.errors import UserError
from seviz.phrases import join_list

NEEDED = ("onnx", "onnxscript", "onnxruntime")


def check_onnx() -> None:
    """Raise UserError where a package that ONNX needs is missing; imports none of them."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise UserError(
            f"ONNX needs {join_list(missing)}, which {'is' if len(missing) == 1 else 'are'} not "
            "installed; pip install 'seviz[onnx]' brings all that it needs."
        )
