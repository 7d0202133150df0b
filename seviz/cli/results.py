"""`seviz results`: print the results of the laboratory's study, or write them as CSV."""

import argparse
from dataclasses import asdict

from seviz.cli.options import add_json, path
from seviz.cli.output import print_json
from seviz.files import write_whole

HELP = "Print the results of the laboratory's study; nothing is trained."


def add_options(command: argparse.ArgumentParser) -> None:
    """Add --study, and --csv or --json."""
    command.add_argument(
        "--study",
        default="",
        metavar="NAME",
        help="host, squeeze, excitation, r, stage or integration; default: all",
    )
    output = command.add_mutually_exclusive_group()
    output.add_argument(
        "--csv", type=path, metavar="FILE", help="write a table with the figures of every seed"
    )
    add_json(output)


def run(options: argparse.Namespace) -> None:
    """Print tables and sentences, print JSON, or write CSV and print its path.

    UserError where the file can't be written.
    """
    from seviz.answers.study import shipped_results, study_names, study_report
    from seviz.study.csv import study_csv
    from seviz.words.study import results_lines

    names, results = study_names(options.study), shipped_results()
    if options.json:
        print_json([asdict(study) for study in study_report(options.study)])
    elif options.csv is None:
        print("\n".join(results_lines(results, names)).strip())
    else:
        write_whole(options.csv, study_csv(names, results).encode())
        print(options.csv)
