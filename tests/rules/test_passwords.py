"""What Sam may take for a password."""

import pytest

from tracker.rules.passwords import MOST, password_problem


@pytest.mark.parametrize(
    "password",
    [
        "seven herons by the quarry",
        "larkspur-gravel-teapot",
        "Cactus & 40 fence posts",
        "el río crece en mayo otra vez",
        "x" * 3 + "plum orchard kettle",
    ],
)
def test_a_short_sentence_will_do(password):
    assert password_problem(password, "sam@bluebonnet.example", "Sam Reyes") is None


@pytest.mark.parametrize(
    ("password", "begins"),
    [
        ("", "Use {least} characters or more."),
        ("fourteen signs", "Use {least} characters or more."),
        ("word " * 41, "Use at most {most} characters."),
        ("aaaaaaaaaaaaaaaaaaaa", "That is too easy to guess."),
        ("abababababababab", "That is too easy to guess."),
        ("abcdefghijklmnopqr", "That is too easy to guess."),
        ("rqponmlkjihgfedcba", "That is too easy to guess."),
        ("PasswordPassword1!", "Too many people"),
        ("password12345678", "Too many people"),
        ("correcthorsebatterystaple", "Too many people"),
        ("P@ssw0rdP@ssw0rd", "Too many people"),
        ("Starwars.Computer.77", "Too many people"),
        ("Austin Texas Permits 2026", "Too many people"),
        ("Bluebonnet-Sam-Reyes-2026!", "Too many people"),
    ],
)
def test_what_everybody_tries_is_not_taken(password, begins):
    problem = password_problem(password, "sam@bluebonnet.example", "Sam Reyes")
    assert problem and problem.message.startswith(begins)


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        ("kotka akto tako", "kotk kotto toko"),  # five different characters, and four
        ("password heron 12", "password hern 123"),  # five letters beside a common word, and four
        ("ace okfie 48262993", "ace okfi 482629933"),  # "ok" is nobody's word, "ace" is Ace's own
    ],
)
def test_how_little_of_its_own_is_enough(taken, refused):
    assert password_problem(taken, "Ace of Ok") is None
    assert password_problem(refused, "Ace of Ok")


@pytest.mark.parametrize("word", ["permits", "iloveyou"])
def test_of_words_in_words_the_longest_are_left_out_first(word):
    assert password_problem(word * 5)


def test_fifteen_characters_are_enough_and_two_hundred_are_not_too_many():
    assert password_problem("heron quarry ok") is None
    assert password_problem("heron quarry teapot " * (MOST // 20)) is None
