"""What the actions refuse can be said, too."""

from tests.rules.conftest import _every_reason_can_be_said

__all__ = ["_every_reason_can_be_said"]
