"""A whole year of a real city's permits, where REAL_DATA names the file."""

from tests.cast import CHICAGO, NOW
from tests.importing.conftest import contents
from tracker.importing.profile import load_profile
from tracker.importing.run import import_permits
from tracker.importing.summary import PERMIT_WORDS
from tracker.models import Permit


def test_a_year_of_permits_goes_in_and_changes_nothing_the_second_time(connected, real_data) -> None:
    def load(**options):
        return import_permits(real_data, load_profile("austin"), now=NOW, zone=CHICAGO, **options).counts

    rehearsed, first = load(dry_run=True), load()
    assert rehearsed == first
    assert first["read"] == sum(first[word] for word in PERMIT_WORDS.rows) > 10_000
    assert first["rejected"] < first["read"] / 1_000
    before = contents()
    second = load()
    assert second["unchanged"] == first["new"] == Permit.select().count()
    assert not any(second[word] for word in ("new", "changed", "older", "companies", "spellings", "possible_matches"))
    assert contents() == before
