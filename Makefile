# Tertius. On a machine with only Python 3.11 (or later) and pip:
#   make run    sets up and reads the example article
#   make test   sets up and passes the tests

PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
EXAMPLE := examples/minsk-squeeze.txt
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet
LOCK := uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11

.PHONY: run test check lint types layers docs bench lock clean

run: $(VENV)/run.stamp
	$(BIN)/tertius read $(EXAMPLE) --published 2024-05-14 --report report.html

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest

# Property tests with new examples, as often as one likes: what fails here is a defect, old or new.
.PHONY: explore
explore: $(VENV)/dev.stamp
	TERTIUS_EXAMPLES=explore $(BIN)/python -m pytest -k "$(shell grep -rl hypothesis tests --include='test_*.py' | xargs -n1 basename -s .py | sort -u | paste -sd' ' | sed 's/ / or /g')"

check: lint types layers docs test floors

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

layers: $(VENV)/dev.stamp
	$(BIN)/lint-imports

docs: $(VENV)/dev.stamp
	$(BIN)/mkdocs build --quiet --strict

# Accuracy may not fall under benchmarks/floors.toml; says so and passes where the annotated data are missing.
.PHONY: floors
floors: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks.floors --shared $(SHARED)

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks.touchstone
	$(BIN)/python -m benchmarks.events $(SHARED)/data/events/dev.jsonl $(SHARED)/data/events/dev_extra.jsonl

$(VENV)/run.stamp: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp
	@touch $@

# Renew the locked requirements (needs the network).
lock: $(VENV)/dev.stamp
	$(BIN)/$(LOCK) pyproject.toml --group build --upgrade -o requirements.txt
	$(BIN)/$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) build dist site report.html .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
