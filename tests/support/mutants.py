"""Which single changes of the modules that compute would no test notice?

    python tests/support/mutants.py --count 100 --seed 1 --json mutants.json
    python tests/support/mutants.py --only seviz/gates/rules.py

Changes are drawn by the seed (`changes`). Each is made in a temporary copy of the repository, where
the tests that concern its module run: those that mirror its path, and those of `ELSEWHERE`. What
survives is a hole of the tests, or changes nothing that anybody could see.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from textwrap import shorten

from changes import Change, changes

ROOT = Path(__file__).parents[2]
FOLDERS = ("gates", "passes", "reference", "analysis", "attribution", "faithfulness", "photos")
FOLDERS += ("zoo", "measuring", "nets", "training")
SLOW = {f"seviz/training/{name}.py" for name in ("train", "conclude", "recipe", "start_weights")}
ELSEWHERE = {  # modules whose tests are those of another one too
    "attribution/calls": ["attribution/test_maps"],
    "attribution/maps": ["attribution/test_stop"],
    "attribution/rows": ["attribution/test_stop"],
    "attribution/shares": ["attribution/test_stop"],
    "faithfulness/trust": ["attribution/test_stop"],
    "gates/probe": ["gates/test_question"],
    "gates/question": ["gates/test_probe"],
    "gates/rules": ["analysis/test_gates_of_variants"],
    "nets/hosts": ["nets/test_variants", "nets/test_anatomy"],
    "nets/registry": ["nets/test_embedded"],
    "nets/results": ["nets/test_shipped"],
    "photos/headers": ["photos/test_read"],
    "reference/recorded": ["attribution/test_shares"],
    "zoo/transfer": ["zoo/test_download"],
}
LEFT = ("__pycache__", "runs", "out", "shared", "carried", ".git", ".venv", ".whl", ".*_cache")


@dataclass(frozen=True)
class Outcome:
    """What became of a change: whether the tests noticed it."""

    file: str
    line: int
    kind: str
    old: str
    new: str
    tests: list[str]
    noticed: bool

    def __str__(self) -> str:
        """Write it in a line."""
        said = "noticed " if self.noticed else "SURVIVED"
        old, new = (shorten(text, 100, placeholder=" …") for text in (self.old, self.new))
        return f"{said} {self.file}:{self.line} {self.kind}: {old} → {new}"


def modules(root: Path) -> list[str]:
    """List the modules that compute and whose tests are quick, by their paths in the repository."""
    found = [path for name in FOLDERS for path in (root / "seviz" / name).rglob("*.py")]
    paths = sorted(path.relative_to(root).as_posix() for path in found)
    return [path for path in paths if path not in SLOW and not path.endswith("__init__.py")]


def concerning(root: Path, module: str) -> list[str]:
    """List the files of tests that concern a module; its folder's where none is named for it."""
    path = PurePosixPath(module).relative_to("seviz")
    names = [str(path.parent / f"test_{path.stem}"), *ELSEWHERE.get(str(path.with_suffix("")), [])]
    files = [f"tests/{name}.py" for name in names]
    return [file for file in files if (root / file).exists()] or [f"tests/{path.parent}"]


def draw(root: Path, count: int, seed: int, only: Sequence[str] = ()) -> list[tuple[str, Change]]:
    """Draw so many changes of the modules, or of some only, that leave them valid Python."""
    every = [
        (module, change)
        for module in only or modules(root)
        for change in changes((root / module).read_text("utf-8"))
    ]
    random.Random(seed).shuffle(every)
    drawn = (each for each in every if _compiles(root, *each))
    return sorted(
        (each for each, _ in zip(drawn, range(count), strict=False)),
        key=lambda each: (each[0], each[1].start),
    )


def _compiles(root: Path, module: str, change: Change) -> bool:
    try:
        compile(change.apply((root / module).read_text("utf-8")), module, "exec")
    except SyntaxError:
        return False
    return True


def hunt(
    root: Path, drawn: Sequence[tuple[str, Change]], seconds: float = 900
) -> Iterator[Outcome]:
    """Make each change in a copy of the repository and run the tests that concern it.

    seconds: after which tests that a change lets hang have noticed it. SystemExit where tests fail
    without any change: they would notice everything.
    """
    with tempfile.TemporaryDirectory(prefix="seviz-mutants-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT))
        concerned = {module: concerning(root, module) for module, _ in drawn}
        passed: set[str] = set()
        for module, change in drawn:
            tests, file = concerned[module], copy / module
            if new := [test for test in tests if test not in passed]:
                if not _pass(copy, new, seconds):
                    raise SystemExit(f"{' '.join(new)} must pass before anything is changed.")
                passed.update(new)
            source = file.read_text("utf-8")
            file.write_text(change.apply(source), "utf-8")
            noticed = not _pass(copy, tests, seconds)
            file.write_text(source, "utf-8")
            yield Outcome(module, change.line, change.kind, change.old, change.new, tests, noticed)


def _pass(copy: Path, tests: Sequence[str], seconds: float) -> bool:
    """Tell whether tests pass, in time."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    # Compiled modules go by the second and the size of their sources, which may be those of before.
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.Popen(
        command,
        cwd=copy,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return run.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)  # with the processes that tests have started
            run.wait()


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> None:
    """Draw changes, tell what becomes of each, and how many were noticed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=15, help="how many changes (default: 15)")
    parser.add_argument("--seed", type=int, default=0, help="by which they are drawn (default: 0)")
    parser.add_argument("--only", nargs="+", default=[], metavar="FILE", help="change these only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what became of them here")
    given = parser.parse_args(arguments)
    outcomes = []
    for outcome in hunt(root, draw(root, given.count, given.seed, given.only)):
        print(outcome, flush=True)
        outcomes.append(outcome)
        if given.json:
            given.json.write_text(json.dumps([asdict(o) for o in outcomes], indent=2), "utf-8")
    noticed = sum(outcome.noticed for outcome in outcomes)
    print(f"{noticed} of {len(outcomes)} changes were noticed.")


if __name__ == "__main__":
    main()
