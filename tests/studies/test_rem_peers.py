"""The models of other programs on their own data: see benchmarks/responses.py, which runs the slow ones too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import peers
from benchmarks.responses import eventnet_checks, model_checks, truth_checks

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "rem"
SLOW = ("goldfish vignette: REM, timed", "remverse ICEWS14 top 25", "goldfish REM on ICEWS14", "fisheries")
QUICK = [model for model in peers.EXPECTED["models"] if not any(name in model["name"] for name in SLOW)]
needs_data = pytest.mark.skipif(not FOLDER.is_dir(), reason="the peers' data (../shared/data/rem) are not here")


@needs_data
@pytest.mark.parametrize("expected", QUICK, ids=lambda model: model["name"])
def test_models_equal_what_the_peers_print(expected: dict[str, Any]) -> None:
    checks = list(model_checks(FOLDER, expected))
    assert len(checks) >= len(expected["coef"])
    assert [check for check in checks if not check.ok] == []


@needs_data
def test_coordination_equals_goldfish() -> None:
    expected = next(model for model in peers.EXPECTED["models"] if model["name"].endswith("coordination, weighted"))
    assert [check for check in model_checks(FOLDER, expected) if not check.ok] == []


@needs_data
def test_statistics_and_strata_equal_eventnet_and_coxph() -> None:
    checks = list(eventnet_checks(FOLDER))
    assert [check for check in checks if not check.ok] == []
    by_name = {check.name: check.ours for check in checks}
    act = by_name["eventnet, a stratum an act: neg.repetition coef"]
    assert by_name["eventnet, a stratum a day (breslow: biased): neg.repetition coef"] < 0.1 * act
    assert by_name["eventnet, a stratum a day (efron: biased): neg.repetition coef"] < 0.2 * act


@needs_data
def test_known_truth_is_found() -> None:
    checks = list(truth_checks(FOLDER))
    assert len(checks) == 4
    assert all(check.ok for check in checks)
