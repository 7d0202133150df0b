"""Edits of gates as text: parsed, written and placed in one file.

arm      [NAME :] EDIT ; EDIT …      or a bare rule, such as static: the same as all=static
EDIT     PLACE [CHANNELS] = RULE     or PLACE [CHANNELS] *= NUMBER
PLACE    all, a stage SE_4*, a block SE_4_6, or a module path
CHANNELS [10:20] or [3,7] or both, from 0, half-open
RULE     NUMBER, identity, static, uniform, shuffle@SEED, resample@FILE, mix(NUMBER,RULE)

One arm is no edit: twin, the plain network that was trained as this one was.
"""

import re
from collections.abc import Iterable, Sequence

from seviz.errors import UserError
from seviz.phrases import did_you_mean, nearest
from seviz.records.arms import TWIN, Arm, Edit, Rule
from seviz.records.sites import Site

NAMES = ("intact", "identity", "static", "uniform", "shuffle", "resample", "mix", "twin")
NUMERIC = ("set", "scale")  # they need a place to be understood
LARGEST = 3.4e38  # gates are float32
DEPTH = 8  # of mixes within mixes
LONGEST = 10_000  # characters of an arm: what anybody may send is read in no time
# Written so that no text, however long its runs of spaces or digits, is tried in many ways.
NAMED = re.compile(r"([^:=;\[\]()@]*[^:=;\[\]()@\s])\s*:(.*)", re.DOTALL)
EDIT = re.compile(r"(SE_\d+\*|[^\s=*\[\]]+)\s*(?:\[([^\]]*)\]\s*)?(\*?=)(.+)", re.DOTALL)
NUMBER = re.compile(r"(?=.*\d)[-+.\deE]+|[-+]?(nan|inf)\w*", re.IGNORECASE)
MIX = re.compile(r"mix\(([^,]*),(.*)\)", re.DOTALL)
STAGE = re.compile(r"SE_(\d+)\*")


def parse_arms(texts: Iterable[str]) -> list[Arm]:
    """Read arms, in order; UserError where one is malformed or a name comes twice."""
    arms = [parse_arm(text) for text in texts]
    names = [arm.name for arm in arms]
    if not names or len(set(names)) < len(names):
        raise UserError(f"Name each arm once, at least one, such as {', '.join(NAMES[:4])}.")
    return arms


def parse_arm(text: str) -> Arm:
    """Read one arm; it is called by its name, else by its edits. UserError where malformed."""
    if len(text) > LONGEST:
        raise UserError(f"This text is too long: edits can have {LONGEST} characters.")
    match = NAMED.fullmatch(text.strip())
    name, body = match.groups() if match else ("", text)
    if body.strip() == "intact":
        return Arm(name or "intact")
    if body.strip() == "twin":
        return Arm(name or "twin", TWIN.edits)
    parts = [part.strip() for part in body.split(";") if part.strip()]
    if not parts:
        raise UserError(f"The arm “{text}” says nothing; intact is the network as trained.")
    edits = tuple(_edit(part) for part in parts)
    return Arm(name or arm_text(edits), edits)


def arm_text(edits: Sequence[Edit]) -> str:
    """Write edits as `parse_arm` reads them: the one textual form of a list of edits."""
    if len(edits) == 1 and edits[0] == Edit(edits[0].rule) and edits[0].rule.name not in NUMERIC:
        return _rule_text(edits[0].rule)
    return "; ".join(map(edit_text, edits)) or "intact"


def edit_text(edit: Edit) -> str:
    """Write one edit, with its place."""
    ranges = [f"{a}:{b}" if b - a > 1 else f"{a}" for a, b in edit.channels]
    where = f"{edit.place}[{','.join(ranges)}]" if ranges else edit.place
    if edit.rule.name == "scale":
        return f"{where}*={_number_text(edit.rule.value)}"
    return f"{where}={_rule_text(edit.rule)}"


def placed(edit: Edit, sites: Sequence[Site]) -> frozenset[str]:
    """Return the names of the sites that an edit is about.

    UserError where the network has no such place, or a block there no such channel.
    """
    found = [site for site in sites if _is_at(site, edit.place)]
    if not found:
        stages = dict.fromkeys(f"SE_{site.stage}*" for site in sites if site.stage)
        places = ["all", *stages, *_names(sites)]
        near = did_you_mean(edit.place, places, otherwise=["all"], cutoff=0.4)
        raise UserError(f"There is no block “{edit.place}” here; {near}")
    last = max((stop for _, stop in edit.channels), default=0)
    if small := [site for site in found if site.channels < last]:
        raise UserError(
            f"{small[0].name} has the channels 0 to {small[0].channels - 1}; “{edit_text(edit)}” "
            "asks for more."
        )
    return frozenset(site.name for site in found)


def _is_at(site: Site, place: str) -> bool:
    if stage := STAGE.fullmatch(place):
        return site.stage == int(stage[1])
    return place in ("all", site.name, site.path)


def _names(sites: Sequence[Site]) -> list[str]:
    return [text for site in sites for text in (site.name, site.path)]


def _edit(text: str) -> Edit:
    match = EDIT.fullmatch(text)
    if match is None:
        return Edit(_rule(text, text))
    place, channels, sign, value = match.groups()
    value = value.strip()
    if sign == "*=":
        return Edit(Rule("scale", _number(value, text)), place, _channels(channels, text))
    return Edit(_rule(value, text), place, _channels(channels, text))


def _rule(value: str, text: str) -> Rule:
    """Read what takes a gate's place."""
    if value.count("mix(") > DEPTH:
        raise UserError(f"At most {DEPTH} mixes can be within one another; this text has more.")
    if mix := MIX.fullmatch(value):
        return Rule("mix", _number(mix[1], text), of=_rule(mix[2].strip(), text))
    if value == "twin":
        raise UserError("twin is another network, no edit of gates: name it as an arm of its own.")
    name, at, argument = value.partition("@")
    if name == "shuffle":
        if at and not (argument.isdecimal() and len(argument) <= 9):
            raise UserError(f"In “{text}”, shuffle@ is followed by a seed, such as shuffle@7.")
        return Rule("shuffle", float(argument or 0))
    if name == "resample":
        if not argument:
            raise UserError(f"In “{text}”, resample@ is followed by a photograph's file.")
        return Rule("resample", source=argument)
    if value in ("identity", "static", "uniform"):
        return Rule(value)
    if NUMBER.fullmatch(value):
        return Rule("set", _number(value, text))
    raise UserError(_no_rule(value, text))


def _no_rule(value: str, text: str) -> str:
    """Say that a value is no rule, and what would be one."""
    if near := nearest(value, NAMES, count=1, cutoff=0.5):
        return f"“{value}” is no edit of gates; did you mean {near[0]}?"
    if value == text:
        return f"“{value}” is no edit of gates; did you mean PLACE=RULE?"
    return f"In “{text}”, “{value}” is no rule; give a number, or one such as static or uniform."


def _number(value: str, text: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not abs(number) <= LARGEST:  # nor NaN
        raise UserError(f"In “{text}”, “{value.strip()}” is not a number; write one such as 0.5.")
    return number


def _channels(inside: str | None, text: str) -> tuple[tuple[int, int], ...]:
    """Read a list of channels and half-open ranges."""
    if inside is None:
        return ()
    ranges = []
    for part in inside.split(","):
        match = re.fullmatch(r"\s*(\d+)\s*(?::\s*(\d+)\s*)?", part)
        first, stop = (int(match[1]), int(match[2] or int(match[1]) + 1)) if match else (0, 0)
        if stop <= first:
            raise UserError(f"In “{text}”, channels are written [10:20] or [3,7], counting from 0.")
        ranges.append((first, stop))
    return tuple(ranges)


def _rule_text(rule: Rule) -> str:
    value = _number_text(rule.value)
    match rule.name:
        case "set":
            return value
        case "shuffle":
            return f"shuffle@{value}"
        case "resample":
            return f"resample@{rule.source}"
        case "mix":
            assert rule.of is not None
            return f"mix({value},{_rule_text(rule.of)})"
    return rule.name


def _number_text(value: float) -> str:
    return repr(value).removesuffix(".0")
