"""A cell of a CSV file that a spreadsheet will not take for a formula."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: object) -> object:
    """Text that begins like a formula gets an apostrophe in front (OWASP, CSV injection); numbers and dates stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
