"""The order of stops by area, without a map: ZIP code, then street, then house number."""

import re


def area_key(zip_code: str, address: str) -> tuple[str, str, int, str]:
    """Sorts stops so that those in one ZIP code, and in it those in one street, follow each other."""
    found = re.match(r"\s*(\d{1,9})\D?\s+(.*)", address)
    number, street = (int(found[1]), found[2]) if found else (0, address)
    return zip_code[:5], " ".join(street.casefold().split()), number, address
