"""What the command line takes: commands and their options."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

Run = Callable[[argparse.Namespace], None]


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Lay out the command line; runs: what each command does."""
    whole = argparse.ArgumentParser(prog="seviz", description="Explore the gates of SE networks.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    app = commands.add_parser("app", help="open the app, where networks are explored by eye")
    _add_network(app)
    app.add_argument("--profile", type=Path, metavar="FILE", help="statistics of a network")
    app.add_argument("--open", action="store_true", help="open a browser window, too")
    app.set_defaults(run=runs["app"])

    models = commands.add_parser("models", help="list the networks that can be opened")
    models.add_argument("--json", action="store_true")
    models.set_defaults(run=runs["models"])

    explain = commands.add_parser("explain", help="trace photographs, with and without gates")
    explain.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    _add_network(explain)
    explain.add_argument(
        "--arms",
        nargs="+",
        default=["intact", "identity"],
        metavar="ARM",
        help="names or edits, such as static, or 'deaf: SE_4*=0.5; SE_5_1[0:8]*=0'",
    )
    explain.add_argument("--profile", type=Path, metavar="FILE", help="statistics of static arms")
    explain.add_argument("--topk", type=int, default=5, metavar="K")
    explain.add_argument("--out", type=Path, required=True, metavar="DIR")
    explain.set_defaults(run=runs["explain"])

    compare = commands.add_parser("compare", help="tell where the gates of two photographs part")
    compare.add_argument("photos", nargs=2, type=Path, metavar="PHOTO")
    _add_network(compare)
    compare.add_argument("--profile", type=Path, metavar="FILE", help="statistics to compare with")
    compare.add_argument("--json", action="store_true")
    compare.set_defaults(run=runs["compare"])

    necessity = commands.add_parser("necessity", help="tell which blocks matter for the answer")
    necessity.add_argument("photo", type=Path, metavar="PHOTO")
    _add_network(necessity)
    necessity.add_argument("--replace", default="", metavar="RULE", help="static, identity, 0 …")
    _add_target(necessity)
    necessity.set_defaults(run=runs["necessity"])

    channels = commands.add_parser("channels", help="tell which channels matter for the answer")
    channels.add_argument("photo", type=Path, metavar="PHOTO")
    _add_network(channels)
    channels.add_argument("--top", type=int, default=8, metavar="N")
    channels.add_argument("--gate", default="", metavar="GATE", help="explain one: SE_4_6[17]")
    _add_target(channels)
    channels.set_defaults(run=runs["channels"])

    attribute = commands.add_parser("attribute", help="explain answers, with and without gates")
    attribute.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    _add_network(attribute)
    attribute.add_argument(
        "--method", nargs="+", default=["gradcam"], metavar="METHOD", help="default: gradcam"
    )
    attribute.add_argument(
        "--arms", nargs="+", default=[], metavar="ARM", help="default: intact, static or identity"
    )
    attribute.add_argument(
        "--target", default="", metavar="CLASS", help="default: the answer; other: the second arm's"
    )
    attribute.add_argument(
        "--layer", default="", metavar="BLOCK", help="of layered methods: SE_4_6"
    )
    attribute.add_argument("--steps", type=int, metavar="N", help="of a path, or samples of noise")
    attribute.add_argument(
        "--no-measures", action="store_true", help="don't measure the maps' trust"
    )
    attribute.add_argument("--profile", type=Path, metavar="FILE", help="statistics of static arms")
    attribute.add_argument("--out", type=Path, required=True, metavar="DIR")
    attribute.set_defaults(run=runs["attribute"])

    pointing = commands.add_parser("pointing", help="tell whether explanations meet the objects")
    _add_network(pointing)
    pointing.add_argument("--data", type=Path, required=True, metavar="DIR", help="with boxes.tsv")
    pointing.add_argument("--images", type=int, default=1000, metavar="N")
    pointing.add_argument("--method", default="gradcam", metavar="METHOD")
    pointing.add_argument("--layer", default="", metavar="BLOCK")
    pointing.add_argument("--arms", nargs=2, default=[], metavar="ARM")
    pointing.add_argument("--profile", type=Path, metavar="FILE", help="statistics of static arms")
    _add_loaders(pointing)
    pointing.add_argument("--json", action="store_true")
    pointing.set_defaults(run=runs["pointing"])

    bench = commands.add_parser("bench", help="measure what looking costs, against bare passes")
    bench.add_argument("--json", action="store_true")
    bench.set_defaults(run=runs["bench"])

    evaluate = commands.add_parser("evaluate", help="measure a network on labelled images")
    _add_network(evaluate)
    evaluate.add_argument("--data", type=Path, required=True, metavar="DIR_OR_ZIP")
    evaluate.add_argument(
        "--photographs", action="store_true", help="enlarge each image to a JPEG first"
    )
    evaluate.add_argument(
        "--arms", nargs="+", default=[], metavar="ARM", help="accuracy in each: intact static …"
    )
    evaluate.add_argument("--profile", type=Path, metavar="FILE", help="statistics of static arms")
    _add_loaders(evaluate)
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=runs["evaluate"])

    profile = commands.add_parser("profile", help="gather gate statistics over labelled images")
    _add_network(profile)
    profile.add_argument("--data", type=Path, required=True, metavar="DIR_OR_ZIP")
    profile.add_argument("--split", default="train", choices=["train", "val"])
    profile.add_argument("--out", type=Path, required=True, metavar="FILE")
    _add_loaders(profile)
    profile.set_defaults(run=runs["profile"])

    train = commands.add_parser("train", help="train an embedded network; resumes a killed run")
    train.add_argument("--data", type=Path, required=True, metavar="DIR_OR_ZIP")
    train.add_argument("--model", metavar="ARCH", help="or resnet50_slim, its twin")
    train.add_argument("--run", type=Path, dest="folder", help="checkpoints; default: runs/ARCH")
    train.add_argument("--out", type=Path, metavar="DIR", help="where the finished weights go")
    train.add_argument(
        "--start", type=Path, dest="start_from", metavar="FILE", help="weights to go on from"
    )
    train.add_argument("--epochs", type=int, metavar="N")
    train.add_argument("--decay", type=int, metavar="N", help="the last epochs: the rate falls")
    train.add_argument("--peak-lr", type=float, metavar="RATE")
    train.add_argument("--large", type=int, metavar="PIXELS", help="side that images grow to")
    train.add_argument("--crop", type=float, metavar="SHARE", help="least area a crop keeps")
    train.add_argument(
        "--close", type=float, metavar="SHARE", help="of the images: crops down to a tenth"
    )
    train.add_argument("--colour", type=float, metavar="SHARE", help="by which colours vary")
    train.add_argument("--turn", type=float, metavar="RADIANS", help="by which images turn")
    train.add_argument("--mix", type=float, metavar="SHARE", help="of the batches that are mixed")
    train.add_argument(
        "--taught",
        type=float,
        metavar="SHARE",
        help="of the loss: --start's answers",
    )
    train.add_argument(
        "--average", type=float, metavar="RATE", help="weights averaged over steps: such as 0.999"
    )
    train.add_argument(
        "--head-norm", action=argparse.BooleanOptionalAction, help="norm before the classifier"
    )
    train.add_argument(
        "--gate-norms", action=argparse.BooleanOptionalAction, help="norms inside the SE blocks"
    )
    train.add_argument(
        "--minutes", type=float, metavar="M", help="instead of epochs, measuring included"
    )
    train.add_argument("--small", type=int, metavar="PIXELS", help="side that images begin at")
    train.add_argument("--batch", type=int, metavar="N")
    train.add_argument("--seed", type=int, metavar="N")
    train.add_argument("--bfloat16", action="store_true", default=None)
    train.add_argument(
        "--compiled", action="store_true", default=None, help="quicker; needs a C++ compiler"
    )
    _add_loaders(train)
    train.set_defaults(run=runs["train"])

    remake = commands.add_parser("remake", help="remake what follows from the embedded weights")
    remake.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="train*.zip, val.zip, boxes.tsv"
    )
    remake.add_argument(
        "--out", type=Path, default=Path("assets"), metavar="DIR", help="default: assets"
    )
    remake.add_argument("--only", nargs="+", default=[], metavar="PART", help="just these parts")
    remake.add_argument(
        "--force", action="store_true", help="even what is of the present weights already"
    )
    _add_loaders(remake)
    remake.set_defaults(run=runs["remake"])

    costs = commands.add_parser("costs", help="count what SE costs a network; no weights needed")
    _add_network(costs)
    costs.add_argument("--json", action="store_true")
    costs.set_defaults(run=runs["costs"])

    study = commands.add_parser("study", help="train the laboratory's variants; resumes")
    study.add_argument("--data", type=Path, required=True, metavar="DIR_OR_ZIP")
    study.add_argument("--run", type=Path, dest="folder", help="finished runs; runs/study")
    study.add_argument("--out", type=Path, metavar="DIR", help="of the results; default: assets")
    study.add_argument("--seeds", type=int, default=None, metavar="N", help="default: 3")
    study.add_argument("--workers", type=int, metavar="N", help="runs at once; default: cores")
    study.add_argument(
        "--only", nargs="+", default=[], metavar="KEY", help="just these variants; collect nothing"
    )
    study.add_argument("--smoke", action="store_true", help="a tiny version of all of it")
    study.set_defaults(run=runs["study"])

    results = commands.add_parser("results", help="print what the study that is here found")
    results.add_argument(
        "--study", default="", metavar="NAME", help="host, squeeze …; default: all"
    )
    way = results.add_mutually_exclusive_group()
    way.add_argument(
        "--csv", type=Path, metavar="FILE", help="write it as a sheet, every seed in it"
    )
    way.add_argument("--json", action="store_true")
    results.set_defaults(run=runs["results"])
    return whole


def _add_network(command: argparse.ArgumentParser) -> None:
    """Let a command open a network of the catalogue, or somebody's own."""
    command.add_argument("--model", metavar="KEY", help="default: embedded")
    command.add_argument("--checkpoint", type=Path, metavar="FILE", help="your own, .safetensors")
    command.add_argument("--arch", default="", metavar="ARCH", help="its architecture")


def _add_loaders(command: argparse.ArgumentParser) -> None:
    """Let a command that reads many images be told how many processes read them."""
    command.add_argument(
        "--loaders",
        type=int,
        metavar="N",
        help="processes that read images, at most one a core; default: one a core, at most 16",
    )


def _add_target(command: argparse.ArgumentParser) -> None:
    """Let a command follow another class, hold the gates against statistics, and print JSON."""
    command.add_argument("--target", default="", metavar="CLASS", help="default: the answer")
    command.add_argument("--profile", type=Path, metavar="FILE", help="reference statistics")
    command.add_argument("--json", action="store_true")
