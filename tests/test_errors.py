"""Errors say where, what and what to do."""

import pickle

from sendthemes.errors import CodebookError, Problem, nearest


def test_all_problems_stand_in_the_message():
    error = CodebookError([Problem("Empty word.", "a.yml:3:5", "Take the line out."), Problem("No themes.")])
    assert str(error) == "a.yml:3:5: Empty word. Take the line out.\nNo themes."
    assert len(error.problems) == 2


def test_a_plain_message_is_one_problem():
    assert CodebookError("No themes.").problems == (Problem("No themes."),)


def test_errors_survive_copying_to_another_process():
    error = pickle.loads(pickle.dumps(CodebookError("No themes.")))
    assert error.problems == (Problem("No themes."),)


def test_the_nearest_word_is_offered():
    assert nearest("defintion", ["definition", "label"]) == "Did you mean 'definition'?"


def test_nothing_near_offers_nothing():
    assert nearest("xyz", ["definition", "label"]) == ""
    assert nearest("x", ["possible", "in_context", "extra"]) == ""
