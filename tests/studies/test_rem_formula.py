"""Formulas: what is understood, and what is said of the rest."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.errors import UsageError
from tertius.studies.rem.formula import parse


def test_a_formula_of_goldfish_is_understood() -> None:
    formula = parse(
        "calls ~ 1 + inertia(calls, window = 300, weighted = TRUE) + recip + same(actors$floor)", weighted=False
    )
    assert formula.names == ("Intercept", "inertia(calls, window=300, weighted=True)", "recip", "same(floor)")
    assert formula.timed
    assert [term.weighted for term in formula.terms[1:3]] == [True, False]
    assert formula.terms[1].spec.network == ""
    assert list(formula.attributes()) == ["floor"]


def test_two_paths_of_goldfish_are_counted_without_weights() -> None:
    assert [term.weighted for term in parse("acts ~ trans + otp").terms] == [False, True]


def test_a_label_names_the_effect() -> None:
    assert parse("acts ~ inertia(half_life=7, label=own)").names == ("own",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("inertia", "is no formula"),
        ("acts ~ ", "is no formula"),
        ("acts ~ inertiaa", "did you mean inertia"),
        ("acts ~ inertia(size=3)", "no option size"),
        ("acts ~ inertia(window=soon)", "is no number"),
        ("acts ~ inertia(half_life=0)", "half_life 0.0 makes no sense"),
        ("acts ~ inertia(transform=square)", "no transform 'square'"),
        ("acts ~ inertia + inertia", "has inertia twice"),
        ("acts ~ same", "needs an attribute"),
        ("acts ~ inertia * recip", "is no term"),
        ("acts ~ inertia((", "cannot read the formula"),
        ("acts ~ __import__('os')", "no effect '__import__'"),
        ("acts ~ inertia(window=[1, 2])", "is no option"),
        ("acts ~ inertia + 'x'", "is no term"),
        ("acts ~ " + "(" * 3000, "cannot read|characters"),
        ("acts ~ " + "inertia + " * 1000, "characters"),
    ],
)
def test_bad_formulas_are_named(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        parse(f"acts ~ {text}")
