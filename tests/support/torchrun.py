"""Programs that torchrun starts as several processes."""

import os
import subprocess
import sys
from pathlib import Path


def torchrun(count: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program as several processes, which know each other."""
    command = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={count}"]
    support = Path(__file__).parent
    paths = [str(support.parents[1]), str(support), *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, *command, *arguments], env=environment, capture_output=True, text=True
    )
