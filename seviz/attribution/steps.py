"""How many steps of a path, or samples of noise, a method takes: known without its libraries."""

from seviz.errors import UserError

LEAST, MOST = 2, 1024


def check_steps(steps: int | None) -> None:
    """Raise UserError for a number that no method takes; None is each method's own."""
    if steps is not None and not LEAST <= steps <= MOST:
        raise UserError(f"--steps is {steps}; give {LEAST} to {MOST}.")
