"""The text form of arms and their edits of gates: read it, write it, find the sites it names.

ARM      [NAME :] EDIT ; EDIT …
EDIT     PLACE [CHANNELS] = RULE     or PLACE [CHANNELS] *= NUMBER, or RULE for all=RULE
PLACE    all, a stage SE_4*, a block SE_4_6, or a module path
CHANNELS [10:20] or [3,7] or both, counted from 0; 10:20 ends at 19
RULE     NUMBER, identity, static, uniform, shuffle@SEED, resample@FILE, mix(NUMBER,RULE);
         shuffled, as an arm is called, is shuffle

Two arms have no edits of gates: intact, the network as trained, and twin, the plain network without
SE that was trained alike.
"""

import re
from collections.abc import Iterable, Sequence

from seviz import limits
from seviz.errors import UserError
from seviz.phrases import brief, did_you_mean, nearest_names
from seviz.records.arms import ARMS, TWIN, Arm, Edit, Rule
from seviz.records.sites import KINDS, Site
from seviz.records.target import Gate

NAMES = ("intact", "identity", "static", "uniform", "shuffle", "resample", "mix", "twin")
NUMERIC = ("set", "scale")  # a bare number would not tell which: write all=0.5 or all*=0.5
MAX_NUMBER = 3.4e38  # gates are float32
LONGEST = 200  # characters of a name that others are compared with
MAX_DEPTH = 8  # of mixes within mixes
# No pattern may backtrack for long, whatever runs of spaces or digits a text has.
NAMED = re.compile(r"([^:=;\[\]()@]*[^:=;\[\]()@\s])\s*:(.*)", re.DOTALL)
_KIND = f"(?:{'|'.join(KINDS)})"
EDIT = re.compile(rf"({_KIND}_\d+\*|[^\s=*\[\]]+)\s*(?:\[([^\]]*)\]\s*)?(\*?=)(.+)", re.DOTALL)
NUMBER = re.compile(r"(?=.*\d)[-+.\deE]+|[-+]?(nan|inf)\w*", re.IGNORECASE)
MIX = re.compile(r"mix\(([^,]*),(.*)\)", re.DOTALL)
STAGE = re.compile(rf"{_KIND}_(\d+)\*")
GATE = re.compile(r"\s*([^\[\]=;\s]+)\[\s*(\d{1,9})\s*\]\s*")
CHANNELS = re.compile(r"\s*(\d{1,9})\s*(?::\s*(\d{1,9})\s*)?")


def parse_arms(texts: Iterable[str]) -> list[Arm]:
    """Read arms, in order; UserError where one is malformed or a name comes twice."""
    arms = [parse_arm(text) for text in texts]
    names = [arm.name for arm in arms]
    if not names:
        raise UserError(f"Name one arm or more, such as {', '.join(NAMES[:4])}.")
    if twice := [name for name in names if names.count(name) > 1]:
        raise UserError(f"“{brief(twice[0])}” is there twice; give each arm a name of its own.")
    return arms


def parse_arm(text: str) -> Arm:
    """Read one arm; its name is the text of its edits where none is given.

    UserError where the text is malformed.
    """
    limits.ARM_TEXT.check(len(text), "this has")
    named = NAMED.fullmatch(text.strip())
    name, body = named.groups() if named else ("", text)
    if body.strip() == "intact":
        return _checked(Arm(name or "intact"))
    if body.strip() == "twin":
        return _checked(Arm(name or "twin", TWIN.edits))
    parts = [part.strip() for part in body.split(";") if part.strip()]
    if not parts:
        raise UserError(f"The arm “{brief(text)}” says nothing; intact is the network as trained.")
    edits = tuple(_parse_edit(part) for part in parts)
    return _checked(Arm(name or arm_text(edits), edits))


def _checked(arm: Arm) -> Arm:
    """Return an arm; UserError where it has the name of one of ARMS and other edits."""
    if ARMS.get(arm.name, arm).edits != arm.edits:
        raise UserError(f"{arm.name} is the name of another arm; give these edits another name.")
    return arm


def arm_text(edits: Sequence[Edit]) -> str:
    """Write edits in their one canonical form, which `parse_arm` reads."""
    if len(edits) == 1:
        rule = edits[0].rule
        if edits[0] == Edit(rule) and rule.name not in NUMERIC:
            return _rule_text(rule)  # “static” rather than “all=static”
    return "; ".join(map(edit_text, edits)) or "intact"


def whole_arm_text(arm: Arm) -> str:
    """Write an arm with its name, as `parse_arm` reads it: “static”, or “half: SE_4*=0.5”."""
    if ARMS.get(arm.name) == arm or arm.name == "twin":
        return arm.name
    text = arm_text(arm.edits)
    return text if text == arm.name else f"{arm.name}: {text}"


def edit_text(edit: Edit) -> str:
    """Write one edit as PLACE[CHANNELS]=RULE or PLACE[CHANNELS]*=NUMBER."""
    ranges = [
        f"{first}:{stop}" if stop - first > 1 else f"{first}" for first, stop in edit.channels
    ]
    where = f"{edit.place}[{','.join(ranges)}]" if ranges else edit.place
    if edit.rule.name == "scale":
        return f"{where}*={_number_text(edit.rule.value)}"
    return f"{where}={_rule_text(edit.rule)}"


def edited_sites(edit: Edit, sites: Sequence[Site]) -> frozenset[str]:
    """Return the names of the sites whose gates an edit changes.

    sites: all of the network. UserError where none is at the edit's place, or one of those lacks a
    channel of the edit.
    """
    edited = [site for site in sites if _is_at(site, edit.place)]
    if not edited:
        stages = dict.fromkeys(f"{site.kind}_{site.stage}*" for site in sites if site.stage)
        places = ["all", *stages, *_names_and_paths(sites)]
        raise no_block(edit.place, places, otherwise=["all"], cutoff=0.4)
    channels = max((stop for _, stop in edit.channels), default=0)
    if small := [site for site in edited if site.channels < channels]:
        raise UserError(
            f"{small[0].name} has the channels 0 to {small[0].channels - 1}; "
            f"“{brief(edit_text(edit))}” asks for more."
        )
    return frozenset(site.name for site in edited)


def no_block(
    name: str,
    known: Sequence[str],
    *,
    where: str = "here",
    otherwise: Sequence[str] = (),
    cutoff: float = 0.5,
    count: int = 3,
) -> UserError:
    """Return the sentence that there is no block of a name.

    known: those that there are, in depth order; otherwise: by default the last of them, this and
    the others as of `did_you_mean`.
    """
    last = otherwise or known[-1:]
    near = did_you_mean(name[:LONGEST], known, otherwise=last, count=count, cutoff=cutoff)
    return UserError(f"There is no block “{brief(name)}” {where}; {near}")


def names_gate(text: str) -> bool:
    """Tell whether a text is written like a gate, such as SE_4_6[17]."""
    return GATE.fullmatch(text) is not None


def named_gate(sites: Sequence[Site], text: str, title: str) -> Gate:
    """Read a gate such as SE_4_6[17]; UserError where the network, called title, has no such."""
    match = GATE.fullmatch(text)
    if match is None:
        raise UserError(
            f"“{brief(text)}” is not a gate of {title}; write one such as {sites[-1].name}[0]."
        )
    place, channel = match[1], int(match[2])
    site = next((site for site in sites if place in (site.name, site.path)), None)
    if site is None:
        raise no_block(place, [site.name for site in sites], where=f"in {title}")
    if channel >= site.channels:
        raise UserError(
            f"“{brief(text.strip())}” is not a gate: {site.name} has the channels 0 to "
            f"{site.channels - 1}."
        )
    return Gate(site.name, channel)


def _is_at(site: Site, place: str) -> bool:
    if stage := STAGE.fullmatch(place):
        return str(site.stage) == (stage[1].lstrip("0") or "0")  # of any length
    return place in ("all", site.name, site.path)


def _names_and_paths(sites: Sequence[Site]) -> list[str]:
    return [text for site in sites for text in (site.name, site.path)]


def _parse_edit(text: str) -> Edit:
    match = EDIT.fullmatch(text)
    if match is None:
        return Edit(_parse_rule(text, text))
    place, inside, operator, value = match.groups()
    value, scales = value.strip(), operator == "*="
    rule = Rule("scale", _parse_number(value, text)) if scales else _parse_rule(value, text)
    return Edit(rule, place, _parse_channels(inside, text))


def _parse_rule(value: str, text: str) -> Rule:
    """Read a rule; text: the whole edit, which errors quote."""
    if value.count("mix(") > MAX_DEPTH:
        raise UserError(f"At most {MAX_DEPTH} mixes can be within one another; this text has more.")
    if mix := MIX.fullmatch(value):
        return Rule("mix", _parse_number(mix[1], text), of=_parse_rule(mix[2].strip(), text))
    if value == "twin":
        raise UserError("twin is another network, no edit of gates: name it as an arm of its own.")
    name, separator, argument = value.partition("@")
    if name in ("shuffle", "shuffled"):
        if separator and not (argument.isdecimal() and len(argument) <= 9):
            raise UserError(f"{_within(text)} shuffle@ is followed by a seed, such as shuffle@7.")
        return Rule("shuffle", float(argument or 0))
    if name == "resample":
        if not argument:
            raise UserError(f"{_within(text)} resample@ is followed by a photograph's file.")
        return Rule("resample", source=argument)
    if value in ("identity", "static", "uniform"):
        return Rule(value)
    if NUMBER.fullmatch(value):
        return Rule("set", _parse_number(value, text))
    raise UserError(_unknown_rule(value, text))


def _within(text: str) -> str:
    return f"In “{brief(text)}”,"


def _unknown_rule(value: str, text: str) -> str:
    """Say that a value is no rule, and suggest one."""
    if near := nearest_names(value, NAMES, count=1, cutoff=0.5):
        return f"“{brief(value)}” is no edit of gates; did you mean {near[0]}?"
    if value == text:  # the edit has no “=”
        return f"“{brief(value)}” is no edit of gates; write PLACE=RULE, or a rule, such as static."
    rule = brief(value)
    return f"{_within(text)} “{rule}” is no rule; give a number, or one such as static or uniform."


def _parse_number(value: str, text: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not abs(number) <= MAX_NUMBER:  # false for NaN too
        shown = brief(value.strip())
        what = "too large" if abs(number) > MAX_NUMBER else "not a number"  # not NaN
        raise UserError(f"{_within(text)} “{shown}” is {what}; write one such as 0.5.")
    return number


def _parse_channels(inside: str | None, text: str) -> tuple[tuple[int, int], ...]:
    """Read the text inside the brackets as half-open ranges; none means all channels."""
    if inside is None:
        return ()
    ranges = []
    for part in inside.split(","):
        match = CHANNELS.fullmatch(part)
        first, stop = (int(match[1]), int(match[2] or int(match[1]) + 1)) if match else (0, 0)
        if stop <= first:
            raise UserError(
                f"{_within(text)} channels are written [10:20] or [3,7], counting from 0."
            )
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
