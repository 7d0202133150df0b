"""Writes a network as ONNX or as a program of torch.export, and checks what it wrote."""

import io
import warnings
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from seviz.errors import UserError
from seviz.files import write_whole
from seviz.folding.fold import difference, noise
from seviz.folding.packages import check_onnx
from seviz.phrases import first_line
from seviz.zoo.sources import Source

EXACT = 1e-4  # of the logits' norm


@torch.no_grad()
def write_onnx(model: nn.Module, path: Path, source: Source) -> float:
    """Write a network as ONNX, for batches of any size.

    Returns how far the logits of onnxruntime are off, in parts of their norm; UserError where the
    network can't be exported, or they are too far off, and then nothing is written.
    """
    check_onnx()
    import onnxruntime

    model = _contiguous(model)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the exporter's own parts, to its authors
            program = torch.onnx.export(
                model,
                (noise(source),),
                dynamo=True,
                verbose=False,
                input_names=["images"],
                output_names=["logits"],
                dynamic_shapes=_any_batch(),
            )
        assert program is not None
        content = program.model_proto.SerializeToString()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the exporter raises whatever it meets
        raise _not_exported(path, error) from error
    found = {n: session.run(None, {"images": noise(source)[:n].numpy()})[0] for n in (1, 3)}
    off = _off(model, source, {n: torch.from_numpy(logits) for n, logits in found.items()})
    _check(path, off)
    write_whole(path, content)
    return off


@torch.no_grad()
def write_program(model: nn.Module, path: Path, source: Source) -> float:
    """Write a network as a program of torch.export (.pt2), for batches of any size.

    Returns how far the logits of the program, read again, are off, in parts of their norm;
    UserError as of `write_onnx`.
    """
    model, buffer = _contiguous(model), io.BytesIO()
    try:
        program = torch.export.export(model, (noise(source),), dynamic_shapes=_any_batch())
        torch.export.save(program, buffer)
        again = torch.export.load(io.BytesIO(buffer.getvalue())).module()
    except Exception as error:  # the exporter raises whatever it meets
        raise _not_exported(path, error) from error
    off = _off(model, source, {n: again(noise(source)[:n]) for n in (1, 3)})
    _check(path, off)
    write_whole(path, buffer.getvalue())
    return off


def _contiguous(model: nn.Module) -> nn.Module:
    """Copy a network, with weights that lie in memory as files hold them (not channels last)."""
    return deepcopy(model).to(memory_format=torch.contiguous_format)


def _any_batch() -> Any:
    return ({0: torch.export.Dim("batch")},)


def _off(model: nn.Module, source: Source, found: dict[int, Tensor]) -> float:
    """Return how far logits of the first n images of noise are off, the most of all n."""
    return max(difference(logits, model(noise(source)[:n])) for n, logits in found.items())


def _check(path: Path, off: float) -> None:
    if not off <= EXACT:
        raise UserError(
            f"{path} is not written: what it would hold says something else (its logits are off by "
            f"{off:.1e} of their norm)."
        )


def _not_exported(path: Path, error: Exception) -> UserError:
    reason = f"{type(error).__name__}: {first_line(str(error))}"
    return UserError(f"{path} is not written, as torch can't export this network ({reason}).")
