"""The single changes that a Python module allows, each of which its tests should notice."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Found = Iterator[tuple[str, ast.AST, str]]  # the kind of change, what is replaced, and by what

COMPARED = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is},
}
COMPUTED = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult},
    **{ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult},
}
FIRST_OF = {"max", "min", "abs", "sorted", "maximum", "minimum"}  # functions of which one may stay
RECEIVER_OF = {"clamp", "clip", "abs", "copy", "clone", "detach", "float", "double", "astype"}
SYMMETRIC = {"max", "min", "maximum", "minimum", "isinstance"}  # or refused when turned
REDUCING = {"sum", "mean", "std", "var", "amax", "amin", "all", "any", "argmax", "argsort", "cat"}
REDUCING |= {"max", "min", "softmax", "log_softmax", "stack", "concatenate", "cumsum", "flatten"}
LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True)
class Change:
    """A piece of a module's source (in bytes) and what takes its place."""

    line: int
    start: int
    stop: int
    kind: str
    old: str
    new: str

    def apply(self, source: str) -> str:
        """Return the module's source with the change."""
        data = source.encode()
        return (data[: self.start] + self.new.encode() + data[self.stop :]).decode()


def changes(source: str) -> list[Change]:
    """List all single changes of a module, in its order."""
    starts = [0]
    for line in source.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for node in _computing(ast.parse(source)):
        for kind, replaced, new in _of(node):
            start = starts[replaced.lineno - 1] + replaced.col_offset
            stop = starts[replaced.end_lineno - 1] + replaced.end_col_offset
            old = ast.unparse(replaced)
            if old != new:
                found.append(Change(replaced.lineno, start, stop, kind, old, new))
    return sorted(found, key=lambda change: (change.start, change.stop, change.kind, change.new))


def _computing(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that compute: no annotations, decorators or text."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield child
                yield from _computing(child)


def _of(node: ast.AST) -> Found:
    """Yield the changes of one node."""
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BinOp(left, op, right) if type(op) in COMPUTED and not _text(left, right):
            yield "sign", node, _written(ast.BinOp(left, COMPUTED[type(op)](), right))
        case ast.BoolOp(op, values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "comparison", node, _written(ast.BoolOp(other, values))
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield "sign", node, _written(operand)
        case ast.Constant(value) if isinstance(value, bool | int | float):
            yield "constant", node, repr(_other(value))
        case ast.Call():
            yield from _calls(node)
        case ast.Expr(ast.Call()):
            yield "call dropped", node, "pass"
        case ast.If(test, [statement], []) if isinstance(statement, LEAVING):
            yield "early return", test, "False"


def _comparisons(node: ast.Compare) -> Found:
    for i, op in enumerate(node.ops):
        ops = [*node.ops[:i], COMPARED[type(op)](), *node.ops[i + 1 :]]
        yield "comparison", node, _written(ast.Compare(node.left, ops, node.comparators))


def _calls(node: ast.Call) -> Found:
    """Drop a call or one of its arguments, swap its arguments, or turn its axis."""
    name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
    given = node.args
    if any(isinstance(arg, ast.Starred) for arg in given):
        return
    if name in FIRST_OF and given and not isinstance(given[0], ast.GeneratorExp):
        yield "call dropped", node, _written(given[0])
    elif name in RECEIVER_OF and isinstance(node.func, ast.Attribute):
        yield "call dropped", node, _written(node.func.value)
    if len(given) > 1 and name not in SYMMETRIC:
        turned = [given[1], given[0], *given[2:]]
        yield "arguments swapped", node, _written(ast.Call(node.func, turned, node.keywords))
    if not name[:1].isupper():  # a record lacks nothing without an error
        yield from (("argument dropped", k, "**{}") for k in node.keywords if k.arg)
    if name in REDUCING and isinstance(node.func, ast.Attribute):
        for arg in [*given, *(k.value for k in node.keywords if k.arg in ("dim", "axis"))]:
            if isinstance(arg, ast.Constant) and type(arg.value) is int:
                yield "axis", arg, "1" if arg.value == 0 else "0"


def _other(value: bool | int | float) -> bool | int | float:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else (2 * value or 1.0)


def _text(*nodes: ast.AST) -> bool:
    """Tell whether one of the nodes is text, which is not computed with."""
    return any(
        isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for node in nodes
    )


def _written(node: ast.AST) -> str:
    """Write an expression so that it can stand wherever another one stood."""
    text = ast.unparse(ast.fix_missing_locations(node))
    simple = ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript
    return text if isinstance(node, simple) else f"({text})"
