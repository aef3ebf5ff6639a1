"""What a backup or a restore stumbles over, in words for whoever runs it."""


class BackupProblem(Exception):
    """It was not done; the text says why, and what to do."""


# Versions of rows that pages hold rise beyond any that was handed out after the backup: else a phone that saw a later
# state would take an earlier one for unchanged.
NEWER_THAN_ANY = "UPDATE contractor SET version = version + 100000"
