"""What a Space runs: the command `app`, from a checkout."""

import sys

from seviz.__main__ import run

if __name__ == "__main__":
    run(["app", *sys.argv[1:]])
