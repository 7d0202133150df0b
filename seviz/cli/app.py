"""`seviz app`: serve the page."""

import argparse

from seviz.cli.options import add_network, add_statistics, own_settings, path

HELP = "Serve the page, in which you explore networks."


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the first network, its statistics, and whether to open a browser."""
    add_network(command)
    add_statistics(command, "of the network")
    command.add_argument(
        "--data",
        type=path,
        metavar="DIR",
        help="photographs to offer on the page “Data set”; folders in DIR are classes",
    )
    command.add_argument(
        "--necessity",
        type=path,
        metavar="FILE",
        help="which blocks the network needs, for the view “Can it go?”; `necessity` writes it",
    )
    command.add_argument(
        "--allow-uploads",
        action="store_true",
        help="let visitors upload .safetensors networks, each for their own page; for private use",
    )
    command.add_argument(
        "--mcp",
        action="store_true",
        help="also serve the API’s questions as tools of MCP; needs `pip install 'seviz[mcp]'`",
    )
    command.add_argument("--open", action="store_true", help="also open a browser window")


def run(options: argparse.Namespace) -> None:
    """Serve the page until it is interrupted."""
    from seviz.cli.early_page import EarlyPage

    settings = own_settings(options)
    early = EarlyPage()
    from seviz.ui.app import open_app

    open_app(
        options.model,
        options.checkpoint,
        options.arch,
        settings=settings,
        beside=options.beside,
        profile=options.profile,
        data=options.data,
        necessity=options.necessity,
        uploads=options.allow_uploads,
        mcp=options.mcp,
        browser=options.open,
        before=early.close,
    )
