"""The plan of the house: what may import what, and where each library is at home."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "seviz"
# A folder, or a module at the top, imports only from lines above its own.
FLOORS = (
    "errors phrases",
    "limits",
    "records watch",
    "files nets photos",
    "gates",
    "zoo",
    "passes",
    "attribution reference",
    "analysis faithfulness measuring",
    "learn pictures training",
    "bench folding study",
    "words",
    "figures",
    "answers drawing shipping ui.parts",
    "reports",
    "ui.address ui.state",
    "ui.link ui.link_faults",
    "ui.api ui.explore",
    "ui.gate",
    "ui.dataset ui.laboratory",
    "ui.networks ui.questions",
    "ui.app",
    "library",
    "cli",
    "__main__",
    "gpu",
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}
HOMES = {  # of each library: the files that may import it
    "gradio": r"seviz/ui/.*",
    "difflib": r"seviz/phrases\.py",
    "plotly": r"seviz/figures/.*|seviz/ui/parts/plot\.py",
    "captum": r"seviz/(attribution|faithfulness)/.*|seviz/bench/peers\.py",
    "html": "",  # markupsafe escapes
    "markupsafe": r"seviz/(drawing|ui)/.*",
    "pytorch_grad_cam": r"seviz/bench/peers\.py",
}
HOOKS = [f"seviz/gates/{name}.py" for name in ("probe", "hooks", "captures")]
# What a function does beyond calling others: then its module has logic, and tests of its name.
LOGIC = (ast.If, ast.IfExp, ast.Match, ast.For, ast.While, ast.comprehension, ast.Try, ast.Raise)
LOGIC += (ast.BoolOp, ast.Compare, ast.BinOp)


def imported(source: str) -> Iterator[str]:
    """Yield the dotted names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(dotted: str) -> str | None:
    """Return the folder or top module that a dotted name of the package lies in."""
    parts = dotted.split(".")[1:]
    return next((r for r in (".".join(parts[:2]), ".".join(parts[:1])) if r in FLOOR), None)


def broken(path: str, source: str) -> list[str]:
    """List what a file (its path in the repository) does against the plan."""
    here = room(path.removesuffix(".py").replace("/", "."))
    found = []
    for name in imported(source):
        library = name.partition(".")[0]
        there = room(name) if library == "seviz" else None
        if here and there and there != here and FLOOR[there] >= FLOOR[here]:
            found.append(f"{path} imports {name}, which is no lower")
        if library in HOMES and not re.fullmatch(HOMES[library], path):
            found.append(f"{path} imports {library}")
    if path not in HOOKS and re.search(r"\.register_\w*hook\(", source):
        found.append(f"{path} registers hooks")
    return found


def files() -> list[str]:
    every = [*PACKAGE.rglob("*.py"), ROOT / "app.py"]
    return [str(path.relative_to(ROOT)) for path in every]


def test_imports_point_down_and_libraries_stay_at_home():
    assert [fault for path in files() for fault in broken(path, (ROOT / path).read_text())] == []


def test_every_folder_has_its_floor():
    inside = [p for p in PACKAGE.glob("*/") if (p / "__init__.py").exists() and p.name != "ui"]
    in_ui = [p for p in (PACKAGE / "ui").iterdir() if p.suffix == ".py" or p.is_dir()]
    parts_of_ui = [f"ui.{p.stem}" for p in in_ui if not p.stem.startswith("__")]
    modules = [path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"]
    assert sorted(FLOOR) == sorted([p.name for p in inside] + parts_of_ui + modules)


@pytest.mark.parametrize(
    ("path", "line", "fault"),
    [
        ("seviz/gates/sites.py", "from seviz.zoo import catalogue", "no lower"),
        ("seviz/words/gates.py", "from seviz.figures import style", "no lower"),
        ("seviz/ui/parts/tables.py", "from seviz.ui.explore import page", "no lower"),
        ("seviz/records/arms.py", "def f():\n    import seviz.watch", "no lower"),
        ("seviz/figures/atlas.py", "import gradio as gr", "imports gradio"),
        ("seviz/ui/explore/page.py", "import plotly.graph_objects as go", "imports plotly"),
        ("seviz/bench/measurements.py", "from captum.attr import Saliency", "imports captum"),
        ("seviz/ui/parts/html.py", "from html import escape", "imports html"),
        ("seviz/words/gates.py", "from markupsafe import Markup", "imports markupsafe"),
        ("seviz/training/train.py", "model.register_forward_hook(f)", "registers hooks"),
    ],
)
def test_a_line_against_the_plan_is_found(path: str, line: str, fault: str):
    assert [fault in each for each in broken(path, line)] == [True]
    assert broken(path, "import torch\nfrom seviz.errors import UserError") == []


def has_logic(source: str) -> bool:
    """Tell whether a function of a module decides, repeats or computes anything itself."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, functions)]
    bodies = (part for each in found for node in each.body for part in ast.walk(node))
    return any(isinstance(part, LOGIC) for part in bodies)


def file_of_tests(path: str) -> str:
    """Return where the tests of a module are: in the mirrored folder, in a file of its name.

    The modules of a tab, a folder of `ui/explore`, `ui/gate`, `ui/dataset` or `ui/laboratory`, are
    parts of one whole whose handlers are tested together, in the file that is named for the tab.
    """
    inside = Path(path).relative_to("seviz")
    tabs = ("explore", "gate", "dataset", "laboratory")
    if inside.parts[0] == "ui" and inside.parts[1] in tabs and len(inside.parts) == 4:
        inside = inside.parent
    return str(Path("tests") / inside.parent / f"test_{inside.stem.strip('_')}.py")


def test_every_module_with_logic_has_tests_of_its_name():
    modules = [str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.py")]
    named = [path for path in modules if not path.endswith("__init__.py")]
    with_logic = [path for path in named if has_logic((ROOT / path).read_text("utf-8"))]
    assert len(with_logic) > 150
    assert [path for path in with_logic if not (ROOT / file_of_tests(path)).exists()] == []


@pytest.mark.parametrize(
    ("source", "logic"),
    [
        ("X = [i for i in range(3)]", False),
        ("def f(x: int | None) -> int:\n    return g(x)", False),
        ("class A:\n    def f(self):\n        return self.a / self.b", True),
        ("def f(x):\n    return [y for y in x]", True),
        ("def f(x):\n    return 1 if x else 2", True),
    ],
)
def test_what_only_calls_others_has_no_logic(source: str, logic: bool):
    assert has_logic(source) is logic


@pytest.mark.parametrize(
    ("module", "tests"),
    [
        ("seviz/gates/rules.py", "tests/gates/test_rules.py"),
        ("seviz/gpu/__main__.py", "tests/gpu/test_main.py"),
        ("seviz/files.py", "tests/test_files.py"),
        ("seviz/ui/parts/html.py", "tests/ui/parts/test_html.py"),
        ("seviz/ui/explore/page.py", "tests/ui/explore/test_page.py"),
        ("seviz/ui/explore/gates/tab.py", "tests/ui/explore/test_gates.py"),
        ("seviz/ui/laboratory/block/view.py", "tests/ui/laboratory/test_block.py"),
    ],
)
def test_tests_lie_where_their_module_does(module: str, tests: str):
    assert file_of_tests(module) == tests


def test_the_front_door_has_few_modules_and_none_is_long():
    assert len(list(PACKAGE.glob("*.py"))) <= 7
    long = {p: n for p in files() if (n := len((ROOT / p).read_text().splitlines())) > 300}
    assert long == {}


# Libraries that take seconds to import: the page stands, and a mistake is refused, without them.
HEAVY = ("captum", "matplotlib", "scipy", "skimage", "timm", "torch", "torchvision")
PHOTO = "assets/thumbnail.png"


def heavy_after(code: str) -> list[str]:
    """Run a program in a process of its own; return which of HEAVY it has imported at the end."""
    code += f"\nimport sys\nprint([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return ast.literal_eval(done.stdout.splitlines()[-1])


def test_the_page_is_built_without_what_only_answers_need():
    assert heavy_after("from seviz.ui import app\napp.build()") == []


@pytest.mark.parametrize(
    "command",
    [
        f"trace {PHOTO}/missing.jpg --out {{out}}",
        f"trace {PHOTO} --out {{out}} --model no_such_network",
        f"trace {PHOTO} --out {{out}} --arms all=much",
        f"trace {PHOTO} --out {{out}} --checkpoint none.safetensors --arch seresnet18",
        f"trace {PHOTO} --out {{out}} --profile none",
        f"trace {PHOTO} --out {{out}} --topk 0",
        f"attribute {PHOTO} --out {{out}} --method no_such_method",
        "attribute missing.jpg --out {out}",
        "report missing.jpg --out {out}/a.html",
        f"report {PHOTO} --out {{out}}/a.pdf",
        "channels missing.jpg",
        "compare missing.jpg missing.jpg",
        "necessity missing.jpg",
        "evaluate --data {out}/missing",
        "pointing --data {out}/missing",
        "profile --data {out}/missing --out {out}/x.safetensors",
        "models",
    ],
)
def test_commands_check_their_arguments_before_they_import_torch(command: str, tmp_path: Path):
    code = "from seviz.__main__ import main\n"
    code += f"assert main({command.format(out=tmp_path).split()}) == {2 * (command != 'models')}"
    assert heavy_after(code) == []
