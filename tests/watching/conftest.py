"""What the tests of logs and figures share: the lines that were written, and what the tests of pages share."""

import io
import json
import logging

import pytest

from tests.pages.conftest import counting, danas_inspection, danas_request
from tracker import log_lines
from tracker.watching import request_id

__all__ = ["counting", "danas_inspection", "danas_request"]


@pytest.fixture
def lines(app):
    """`lines()` → what was logged as JSON since the last time, read back."""
    log_lines.write("json", request_id)
    (ours,) = [one for one in logging.getLogger("tracker").handlers if isinstance(one, log_lines.OurHandler)]
    written = io.StringIO()
    ours.setStream(written)

    def read():
        said = written.getvalue().splitlines()
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in said]

    yield read
    log_lines.write("plain", request_id)
