"""What a parser says when it cannot read a file, before the file's name is known to it."""


class UnreadableError(Exception):
    """Damaged, cut short, or not of its format: one clause about what was found."""


class LockedError(Exception):
    """A password is asked for."""


class ExcessiveError(Exception):
    """Larger than a limit allows: what is too large, and the limit."""

    def __init__(self, what: str, limit: str) -> None:
        super().__init__(what, limit)
        self.what, self.limit = what, limit
