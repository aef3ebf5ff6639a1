"""What stops an import, what sends a row to the rejects, what leaves one out; most are sentences for a clerk."""


class ImportProblem(Exception):
    """The file or the profile can't be used at all; the text says what is missing and where."""


class RowProblem(Exception):
    """One row can't be right; the text is the reason in the rejects file."""


class LeftOut(Exception):
    """One row is right, but not for this import; `word` is what the summary counts it under."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Overtaken(Exception):
    """Somebody changed a row of the batch since it was read: the batch is to be applied anew."""
