# Filiform. `make` alone lists what there is. Needs python3 (3.11 or newer) with venv, and make.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PY := $(BIN)/python
LOCKED := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes
# Workers per leg of the suite; `make test WORKERS=0` runs it in one process.
WORKERS ?= logical
# Each worker begins with tests that stand together: what a module builds for its tests is built once.
SUITE = $(PY) -m pytest -n $(WORKERS) --dist worksteal --durations 10 $(TWICE)
# In CI a test may waver once, aloud, and not many of them: see tests/wavering.py.
TWICE = $(if $(filter true,$(CI)),--reruns 1)
# What is drilled on PostgreSQL as well.
DRILLED := tests/treatments/test_signing_races.py tests/flows/test_faults.py tests/flows/test_kills.py \
	tests/flows/test_backup_under_load.py tests/flows/test_plans_of_writes.py tests/flows/test_random_months.py \
	tests/clinic/test_move_record.py tests/flows/test_failover.py
# What djade lays out: it reads no folders. A mail's text keeps its own layout.
TEMPLATES := find templates -name '*.html'
RULE := ==============================================================================

# The demo practice has neither TLS nor second factors; everything else runs as for patients' records.
DEMO := DEBUG=true HASHED_STATIC=true $(PY)
# A practice on one machine: everything as for patients' records, but without TLS, which no other machine gets.
OWN := LOCAL_ONLY=true $(PY)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run practice test test-fast test-sqlite test-postgres browser drill drills lint format bench bench-memory bench-load lock screens

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

run: .venv/.runtime ## serve the demo practice on http://127.0.0.1:8000 (PORT=... for another port)
	@$(PY) -m clinic.mint
	@$(DEMO) manage.py migrate --verbosity 0
	@$(DEMO) manage.py demo
	@$(DEMO) manage.py collectstatic --noinput --verbosity 0
	@$(DEMO) manage.py serve --listen 127.0.0.1:$(PORT)

practice: .venv/.runtime ## begin a practice of your own, and serve it on this machine alone (PORT=...)
	@$(PY) -m clinic.mint
	@$(OWN) manage.py practice --if-none --address http://localhost:$(PORT)
	@$(OWN) manage.py collectstatic --noinput --verbosity 0
	@$(OWN) manage.py serve --listen 127.0.0.1:$(PORT)

test: test-sqlite test-postgres browser ## the whole suite: SQLite, PostgreSQL, then the browser where a Chromium is found

test-fast: test-sqlite ## the suite on SQLite alone, without a browser: the one to run while working

test-sqlite: .venv/.dev ## the suite on SQLite
	@echo "$(RULE)"; echo "The suite on SQLite"; echo "$(RULE)"
	@DATABASE_URL=sqlite:///filiform.sqlite3 $(SUITE)

test-postgres: .venv/.dev ## the suite on PostgreSQL (DATABASE_URL, the system's, or the one in the wheel)
	@echo "$(RULE)"; echo "The suite on PostgreSQL"; echo "$(RULE)"
	@$(PY) -m tests.postgres -- $(SUITE)

browser: .venv/.dev ## the browser tests (CHROMIUM=... names the browser to drive)
	@echo "$(RULE)"; echo "The browser tests"; echo "$(RULE)"
	@if $(PY) -m tests.chromium; then \
	  $(MAKE) --no-print-directory .venv/.browser && \
	  DATABASE_URL=sqlite:///filiform.sqlite3 $(SUITE) tests/browser -m browser; \
	elif [ "$$CI" = true ]; then \
	  echo "FAILED: no Chromium to drive. Install one, or name one with CHROMIUM=..."; exit 1; \
	else \
	  echo "SKIPPED: no browser test ran, no Chromium was found. Install one, or name one with CHROMIUM=..."; \
	fi

drill: .venv/.dev ## what is slow: races, faults, kills, long runs, a tenth of each on both engines
	@DATABASE_URL=sqlite:///filiform.sqlite3 $(PY) -m pytest -m "drill and not browser" -n $(WORKERS) --dist loadfile $(TWICE)
	@$(PY) -m tests.postgres -- $(PY) -m pytest -m drill -n $(WORKERS) --dist loadfile $(TWICE) $(DRILLED)

drills: .venv/.dev .venv/.browser ## the drills at their full counts; what they saw goes to docs/drills.md
	@rm -f .drills.log
	@DRILL=full DRILL_LOG=.drills.log $(MAKE) --no-print-directory drill
	@DRILL=full DRILL_LOG=.drills.log DATABASE_URL=sqlite:///filiform.sqlite3 $(PY) -m pytest -n $(WORKERS) \
	  tests/browser/test_typing_drill.py -m "drill and browser"
	@DRILL_LOG=.drills.log DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m tests.drills
	@rm -f .drills.log

lint: .venv/.dev ## read the code: Python with ruff and mypy, templates with djade, JavaScript with oxlint
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(TEMPLATES) | xargs $(BIN)/djade --target-version 5.2 --check
	@$(BIN)/oxlint --deny-warnings

format: .venv/.dev ## lay the code out with ruff, the templates with djade
	@$(BIN)/ruff format .
	@$(TEMPLATES) | xargs $(BIN)/djade --target-version 5.2

bench: .venv/.bench ## the benchmark: every page and write at 100 and at 100,000 patients (BENCH_... : bench/__main__.py)
	@$(PY) -m bench

bench-memory: .venv/.dev ## what the server holds after every page, and how soon it starts
	@$(PY) -m bench memory

bench-load: .venv/.dev ## eight people at work at once (BENCH_STAFF=30 BENCH_DATABASES=postgres://... for more)
	@BENCH_PATIENTS=$${BENCH_PATIENTS:-8000} $(PY) -m bench.load

lock: | $(PY) ## write requirements*.lock anew: the newest versions that requirements*.txt allow, by digest
	@$(PY) -m tests.lock_files

screens: .venv/.browser ## take the pictures of the README anew
	@$(PY) -m tests.screens

# A stamp per lock file: what has not changed is not installed again. Only files whose digest stands in it get in.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Filiform needs Python 3.11 or newer, this is %d.%d. Name one with PYTHON=..." % sys.version_info[:2])'
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock | $(PY)
	@echo "Installing what Filiform needs ..."
	@$(LOCKED) -r requirements.lock
	@touch $@

.venv/.dev: requirements.lock requirements-dev.lock | $(PY)
	@echo "Installing what its tests need ..."
	@$(LOCKED) -r requirements-dev.lock
	@touch $@

.venv/.bench: requirements.lock requirements-dev.lock requirements-bench.lock | $(PY)
	@echo "Installing what its benchmark needs ..."
	@$(LOCKED) -r requirements-bench.lock
	@touch $@

.venv/.browser: requirements.lock requirements-dev.lock requirements-browser.lock | $(PY)
	@echo "Installing what its browser tests need ..."
	@$(LOCKED) -r requirements-browser.lock
	@touch $@
