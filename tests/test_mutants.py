"""The search for changes that nobody notices, on a module of a few lines."""

import json
from pathlib import Path

import pytest
from changes import changes
from mutants import concerning, draw, main, modules

ROOT = Path(__file__).parents[1]
TINY = '''"""Text with 1 < 2 in it."""


def limited(value: int) -> int:
    return min(value, 10)


def unseen(value: int) -> int:
    return value - 3
'''
ITS_TESTS = """
from seviz.gates.tiny import limited


def test_limited():
    assert [limited(value) for value in (4, 10, 11)] == [4, 10, 10]
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a < b", {"(a <= b)"}),
        ("a == b and c", {"(a != b)", "(a == b or c)"}),
        ("-a + b", {"a", "(-a - b)"}),
        ("a is not None", {"(a is None)"}),
        ("'a' + b", set()),
        ("f'{1 + a}'", set()),
        ("y = x.mean(1)", {"2", "0"}),
        ("y = x.sum(axis=0)", {"1", "**{}"}),
        ("y = x.clamp(min=0)", {"x", "1", "**{}"}),
        ("y = max(a, 0)", {"a", "1"}),
        ("y = f(a, b)", {"f(b, a)"}),
        ("watch.check()", {"pass"}),
        ("x: int = True", {"False"}),
        ("y = 0.5", {"1.0"}),
        ("if not a:\n    raise ValueError", {"a", "False"}),
        ("@cache(maxsize=4)\ndef f(x: Literal[1]) -> None: ...", set()),
        ("π = 'π'; y = a - b", {"(a + b)"}),
    ],
)
def test_a_line_allows_these_changes_and_no_others(line: str, expected: set[str]):
    found = changes(line)
    assert {change.new for change in found} == expected
    for change in found:
        compile(change.apply(line), "line", "exec")


def test_a_change_is_made_where_it_was_found():
    line = "π = a - b  # ÷"
    (change,) = changes(line)
    assert (change.line, change.kind, change.old) == (1, "sign", "a - b")
    assert change.apply(line) == "π = (a + b)  # ÷"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A repository of one module and its tests."""
    for file, text in (
        ("seviz/gates/tiny.py", TINY),
        ("tests/gates/test_tiny.py", ITS_TESTS),
        ("pytest.ini", "[pytest]\npythonpath = .\n"),
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")
    return tmp_path


def test_what_survives_is_what_no_test_sees(tiny: Path, capsys):
    report = tiny / "report.json"
    main(["--count", "99", "--json", str(report)], tiny)
    outcomes = json.loads(report.read_text("utf-8"))
    survived = {(o["line"], o["new"]) for o in outcomes if not o["noticed"]}
    assert survived == {(9, "(value + 3)"), (9, "4")}
    noticed = {(o["line"], o["new"]) for o in outcomes if o["noticed"]}
    assert noticed == {(5, "value"), (5, "11")}
    assert {o["file"] for o in outcomes} == {"seviz/gates/tiny.py"}
    said = capsys.readouterr().out.splitlines()
    assert "SURVIVED seviz/gates/tiny.py:9 sign: value - 3 → (value + 3)" in said
    assert said[-1] == "2 of 4 changes were noticed."
    assert (tiny / "seviz/gates/tiny.py").read_text("utf-8") == TINY  # only copies are changed


def test_tests_that_fail_by_themselves_notice_nothing(tiny: Path):
    (tiny / "tests/gates/test_tiny.py").write_text("def test(): assert False\n", "utf-8")
    with pytest.raises(SystemExit, match=r"tests/gates/test_tiny\.py must pass before"):
        main(["--count", "1"], tiny)


def test_changes_follow_from_their_seed_and_may_be_of_one_module():
    one, same, other = (draw(ROOT, 8, seed) for seed in (1, 1, 2))
    assert one == same != other
    only = draw(ROOT, 5, 0, ["seviz/gates/rules.py"])
    assert {module for module, _ in only} == {"seviz/gates/rules.py"}


def test_every_module_has_tests_that_concern_it():
    for module in modules(ROOT):
        assert all((ROOT / file).exists() for file in concerning(ROOT, module)), module
    both = ["tests/attribution/test_calls.py", "tests/attribution/test_maps.py"]
    assert concerning(ROOT, "seviz/attribution/calls.py") == both
    whole_folders = [m for m in modules(ROOT) if not concerning(ROOT, m)[0].endswith(".py")]
    assert whole_folders == []
