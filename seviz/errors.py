"""The exception whose text people read."""


class UserError(Exception):
    """One sentence for a person: what is wrong, and what would be right.

    The page shows it as a notice, the API as its error text, the command line as its last line
    (exit code 2). Anything else that escapes is a defect of seviz.
    """
