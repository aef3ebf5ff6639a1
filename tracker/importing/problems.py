"""What stops an import, and what sends one row to the rejects: both are sentences for a clerk."""


class ImportProblem(Exception):
    """The file or the profile can't be used at all; the text says what is missing and where."""


class RowProblem(Exception):
    """One row can't be right; the text is the reason in the rejects file."""
