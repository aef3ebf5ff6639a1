"""What Lone Star Plumbing may take for a PIN of its own."""

import pytest

from tracker.rules.passwords import pin_problem

KNOWN = ("Lone Star Plumbing", "418 Larkspur Lane", "512-555-0170", "office@lonestar.example", "")
CODE = "RR-LNST-2345"


@pytest.mark.parametrize(
    "pin",
    [
        "trowel77",
        "84629175",
        "copper elbow",
        "Pipe&Tee9",
        "ninety9 herons",
        "tubería1",
        "a permit for herons",
        "computer elbow",
        "c0pper7ee",
    ],
)
def test_eight_characters_that_others_do_not_guess_will_do(pin):
    assert pin_problem(pin, code=CODE, known=KNOWN) is None


@pytest.mark.parametrize(
    ("pin", "begins"),
    [
        ("", "Use {least} characters or more"),
        ("trowel7", "Use {least} characters or more"),
        ("!!--!!--!!", "Use {least} characters or more"),
        ("x1" * 101, "Use at most {most} characters."),
        ("RR-LNST-2345", "The registration code stands on every permit."),
        ("rr lnst 2345", "The registration code stands on every permit."),
        ("my RRLNST2345", "The registration code stands on every permit."),
        ("77777777", "That is too easy to guess."),
        ("12345678", "That is too easy to guess."),
        ("98765432", "That is too easy to guess."),
        ("12345679", "That is too easy to guess."),
        ("abcdefgh", "That is too easy to guess."),
        ("11223344", "That is too easy to guess."),
        ("19861986", "That is too easy to guess."),
        ("blueblue", "That is too easy to guess."),
        ("5125550170", "Others know that of your company."),
        ("555-0170 512", "Others know that of your company."),
        ("office@lonestar", "Others know that of your company."),
        ("LoneStar2026", "Too many people would try that."),
        ("Larkspur 418!", "Too many people would try that."),
        ("password", "Too many people would try that."),
        ("Password77!", "Too many people would try that."),
        ("qwertyui", "Too many people would try that."),
        ("1qaz2wsx", "Too many people would try that."),
        ("computer", "Too many people would try that."),
        ("Starwars1", "Too many people would try that."),
        ("asdf1234", "Too many people would try that."),
        ("P@ssw0rd", "Too many people would try that."),
        ("c0mputer!", "Too many people would try that."),
        ("Plumber#1", "Too many people would try that."),
        ("mariposa7", "Too many people would try that."),
        ("31415926", "Too many people would try that."),
    ],
)
def test_what_is_short_printed_counted_known_or_common_is_not_taken(pin, begins):
    assert pin_problem(pin, code=CODE, known=(*KNOWN, "512 555 0170 512")).message.startswith(begins)


def test_the_longest_is_taken():
    assert pin_problem("copper elbow tee 9 nails and more of it all " * 4 + "x" * 24, code=CODE, known=KNOWN) is None


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        ("k!w!c!9!", "k!w!9!!?"),  # four letters or digits, and three
        ("q7z7w7zq", "q7z7q7zz"),  # four different characters, and three
        ("1234567x9k", "12345678xk"),  # two of three count on, and more
        ("lonestar herb", "lonestar her"),  # four letters beside what others know, and three
        ("li482629", "ace48262"),  # two letters are no word of one's own, three are
    ],
)
def test_how_little_of_its_own_is_enough(taken, refused):
    known = (*KNOWN, "Ace Li")
    assert pin_problem(taken, code=CODE, known=known) is None
    assert pin_problem(refused, code=CODE, known=known)
