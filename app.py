"""What a Space runs: the command `app`, from a checkout."""

import sys

from seviz.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["app", *sys.argv[1:]]))
