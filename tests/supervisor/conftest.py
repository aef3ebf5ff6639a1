"""What the tests of the supervisor's pages share."""

from tests.pages.conftest import counting

__all__ = ["counting"]
