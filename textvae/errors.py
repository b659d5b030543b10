"""The one exception that is meant for a person."""


class TextVAEError(Exception):
    """Something the user can mend: one line that says what was wrong, where, and what to do.

    The command line prints it without a traceback and exits non-zero; from Python it is an
    ordinary exception. Bugs of ours raise other exceptions and keep their traceback.
    """
