"""No test draws numbers that would be others on another machine or in another order."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
HOME = TESTS / "support" / "networks.py"  # which may draw from PyTorch's generator, and seeds it
DRAWS = {f"torch.{name}" for name in ("rand", "randn", "randint", "randperm", "normal")}
NETWORKS = ("timm.create_model", "torchvision.models.")
WITHOUT_WEIGHTS = ("device", "pretrained")  # on the meta device, or with weights from a file


def dotted(node: ast.AST) -> str:
    """Write a name such as torch.randn; "" for what is no name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield all calls but those in lambdas, which are for others to make, such as `awake`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child
        if not isinstance(child, ast.Lambda):
            yield from calls(child)


def unseeded(call: ast.Call) -> bool:
    """Tell whether a call draws from a generator without a seed, or disturbs that of all."""
    name, given = dotted(call.func), {keyword.arg for keyword in call.keywords}
    if name in DRAWS:
        return "generator" not in given
    if name.startswith(NETWORKS):
        return not given & set(WITHOUT_WEIGHTS)
    if name.startswith(("np.random.", "random.")):
        seeds = name in ("np.random.default_rng", "random.Random")
        return not (seeds and (call.args or given))
    return name == "torch.manual_seed"


def faults(source: str) -> list[int]:
    """List the lines of a file that draw without a seed of their own."""
    return [call.lineno for call in calls(ast.parse(source)) if unseeded(call)]


def test_every_random_number_of_the_tests_has_a_seed():
    files = [path for path in TESTS.rglob("*.py") if path != HOME]
    found = {str(path.relative_to(TESTS)): faults(path.read_text("utf-8")) for path in files}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "x = torch.randn(3)",
        "def f():\n    return g(torch.randperm(5))",
        "torch.manual_seed(0)",
        "m = timm.create_model('resnet18')",
        "m = torchvision.models.resnet18()",
        "x = np.random.random(3)",
        "x = np.random.default_rng()",
        "random.shuffle(x)",
    ],
)
def test_a_line_without_a_seed_is_found(line: str):
    assert len(faults(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "x = torch.randn(3, generator=draw)",
        "m = awake(lambda: timm.create_model('resnet18', num_classes=3))",
        "m = timm.create_model('resnet18', device='meta')",
        "x = np.random.default_rng(0).random(3)",
        "x = random.Random(0).random()",
    ],
)
def test_a_line_with_a_seed_is_not(line: str):
    assert faults(line) == []
