"""What the tests of the staff's pages share."""

from tests.pages.conftest import counting

__all__ = ["counting"]
