"""A form that shows what is no longer so: whoever sends it is told, and nothing of somebody else's is overwritten."""

import pytest

from tests.trust.carried import look_over
from tests.trust.forms import encoded, who_fills_in
from tests.trust.town import ask, digest, route

# What a form carries along of what it showed, and another one of its kind.
SHOWN = {"version": "7", "seen": "another", "was": "waived", "previewed": "all-every.1"}
PRESSED = {"POST /staff/contractors/<id>/code": {"action": "renew"}}  # where another button changes nothing
THERE = (
    "POST /profile/company", "POST /profile/people/<person>", "POST /staff/inspection-types/<code>",
    "POST /staff/people/<id>", "POST /staff/permits/<number>/correct",
)  # fmt: skip


def test_the_forms_that_show_a_state_send_it_along_and_are_refused_when_it_is_another(app, town, forms):
    """Found on the pages as they are, so that a new one is tried too."""
    tried = set()
    for name, (address, held) in forms.items():
        for shown in SHOWN:
            if dict(held).get(shown) and dict(held)[shown] != SHOWN[shown]:
                before, session = digest(), town.sessions[who_fills_in(route(name))]
                changed = {shown: SHOWN[shown], **PRESSED.get(name, {})}
                sent = [(one, changed.get(one, value)) for one, value in held]
                said = app.test_client(use_cookies=False).post(
                    address,
                    data=encoded([("csrf_token", session.token), *sent]),
                    content_type="application/x-www-form-urlencoded",
                    headers={"Cookie": session.cookie},
                )
                look_over(said)
                assert said.status_code in (400, 409, 422), f"{name}, {shown}: {said.status_code}"
                assert digest() == before, f"{name}, {shown}"
                tried.add(name)
    assert set(THERE) <= tried, tried


@pytest.mark.parametrize("version", ["0", "7", "-1", "²", "x" * 50])
def test_a_permit_that_nobody_has_changed_yet_is_not_overwritten_by_a_form_of_another(app, town, forms, version):
    """Its record of changes is empty: there is nobody to name."""
    address = f"/staff/permits/{town.things['Dana']['permits/number']}/correct"
    _, held = forms["POST /staff/permits/<number>/correct"]
    sent = {**dict(held), "version": version, "description": "Not what it was", "reason": "Because."}
    said = ask(app, town.sessions["technician"], route("POST /staff/permits/<number>/correct"), address, sent)
    assert said.status_code == (303 if version == "0" else 409)
