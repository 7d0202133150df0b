"""Turns a pickle of weights into safetensors, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from seviz.errors import UserError
from seviz.files import atomic_write, check_target
from seviz.nets.embedded import PACKAGE

SECONDS = 600.0


def convert(source: Path, target: Path, prefix: str = "", *, seconds: float = SECONDS) -> int:
    """Write the tensors of a file of torch.save as safetensors; returns their number.

    prefix: only those whose names start with it, without it. UserError where the file holds
    anything but weights and plain values, or takes longer than `seconds`.
    """
    if not source.is_file():
        raise UserError(f"{source} is not a file; give the path of a .pth, .pt or .ckpt file.")
    if target.exists() and target.samefile(source):
        raise UserError(f"{target} is the file to convert; name another one to write.")
    check_target(target)
    with atomic_write(target) as temporary:
        outcome = _outcome([str(source), str(temporary), prefix], seconds)
        if "reason" in outcome:
            raise UserError(f"{source} is not converted: {outcome['reason']}.")
    return int(outcome["tensors"])


def _outcome(arguments: list[str], seconds: float) -> dict[str, str]:
    """Run `seviz.zoo.unpickle`; returns what it prints."""
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-m", "seviz.zoo.unpickle", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, env=environment)
        outcome: dict[str, str] = json.loads(done.stdout)
        return outcome
    except subprocess.TimeoutExpired:
        return {"reason": f"reading it takes more than {seconds:.0f} s"}
    except ValueError:  # the process was ended, and printed nothing
        return {"reason": "reading it failed, as it is damaged or too large for the memory"}
