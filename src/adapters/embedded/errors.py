"""What may go wrong when a server of our own starts."""


class EmbeddedError(Exception):
    """A server of our own could not start."""

    def __init__(self, error: str, where: str, fix: str) -> None:
        """:param error: what happened.
        :param where: the file or directory that is concerned.
        :param fix: what a person can do about it.
        """
        super().__init__(error)
        self.error = error
        self.where = where
        self.fix = fix
