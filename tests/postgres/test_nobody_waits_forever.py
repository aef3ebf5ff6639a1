"""Movers in opposite directions and sign-ins in a crowd: nobody is thrown out for having waited for another."""

from datetime import timedelta
from functools import partial

from tests.actions.told import loads, wish
from tests.cast import FRIDAY, NOW, THURSDAY, WEDNESDAY, ask, desk, permit_of
from tests.postgres.crowd import at_once
from tracker.actions.accounts import WrongPin, sign_in_company
from tracker.actions.change_of_mind import move_inspection
from tracker.models import Attempt, Contractor, Inspection, Request

ROUNDS = 30


def test_two_movers_in_opposite_directions(dana, eve, danas_permit, eves_permit):
    mine = ask(dana, danas_permit, wish("WH", time_frame="am")).inspections.get()
    hers = ask(eve, eves_permit, wish("SEWER", FRIDAY, "pm")).inspections.get()
    for round in range(ROUNDS):
        to, fro = (FRIDAY, WEDNESDAY) if round % 2 == 0 else (WEDNESDAY, FRIDAY)
        answers = at_once(
            [
                partial(move_inspection, mine, day=to, time_frame="am", desk=desk(), by=dana.by, now=NOW),
                partial(move_inspection, hers, day=fro, time_frame="pm", desk=desk(), by=eve.by, now=NOW),
            ]
        )
        assert [type(one) for one in answers] == [Inspection, Inspection], answers
        assert [one.day for one in answers] == [to, fro]
        assert loads()[(to, "")] == (1, 1, 0) and loads()[(fro, "")] == (1, 0, 1)


def test_a_mover_and_a_request_for_both_days(dana, eve, danas_permit, eves_permit):
    mine = ask(dana, danas_permit, wish("WH", FRIDAY)).inspections.get()
    for round in range(10):
        works = [
            partial(move_inspection, mine, day=WEDNESDAY if round % 2 == 0 else FRIDAY, time_frame="any",
                    desk=desk(), by=dana.by, now=NOW),
            partial(ask, eve, eves_permit, wish("SEWER", THURSDAY), wish("SHOWER", FRIDAY), key=f"{round}"),
        ]  # fmt: skip
        assert not [one for one in at_once(works) if "deadlock" in str(one) or "locked" in str(one)]


def test_one_company_requests_on_five_permits_at_once(dana):
    """Each writes a row that names the company before it raises the company's version."""
    days = [WEDNESDAY, THURSDAY, FRIDAY, FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)]
    for round in range(3):
        permits = [permit_of(dana.company, f"PP-{round}-{n}", kind="WATER_HEATER", trade="plumbing") for n in range(5)]
        works = [
            partial(ask, dana, permit, wish("WH", day), key=permit.permit_num)
            for permit, day in zip(permits, days, strict=True)
        ]
        assert [type(one) for one in at_once(works)] == [Request] * 5


def test_right_and_wrong_pins_in_a_crowd(dana, eve):
    """Right ones take their tries back while wrong ones are counted, on the same rows."""

    def tries(who, pin: str, address: str) -> list[str]:
        found = []
        company = Contractor.get_by_id(who.company.id)
        for _ in range(6):
            try:
                sign_in_company(company, pin, address=address, phone="", now=NOW)
                found.append("in")
            except WrongPin:
                found.append("wrong")
        return found

    # The row that all share is older than those of addresses and companies, as on any day but the first.
    for key in ("all", f"company:{eve.company.id}", f"company:{dana.company.id}"):
        Attempt.create(key=key, count=0, since=NOW)
    works = [partial(tries, who, who.pin, f"203.0.113.{n}") for n, who in enumerate([dana, eve] * 3)]
    works += [partial(tries, who, "wrong", f"203.0.113.{n}") for n, who in enumerate([eve, dana] * 3)]
    answers = at_once(works)
    assert answers == [["in"] * 6] * 6 + [["wrong"] * 6] * 6
    counts = {one.key: one.count for one in Attempt.select()}
    assert counts["all"] == 36 and counts[f"company:{dana.company.id}"] == 18
