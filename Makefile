# Two words matter: `make demo` shows the hub, `make test` tests it. `make help` lists the rest.
# Every word first makes the virtual environment it needs; later runs find it and take no time.

PYTHON  ?=
DEMO    ?=
PYTEST  ?=
VENV    := .venv
BIN     := $(VENV)/bin

# A stamp bears the checksum of the lock file it was installed from: a new lock, a new install.
sum      = $(firstword $(shell cksum < $(1)))
RUN     := $(VENV)/installed-$(call sum,requirements.txt)
DEV     := $(VENV)/installed-$(call sum,requirements-dev.txt)-dev

# Words that need engines for a moment use a data folder of their own and stop what they started.
# (Where Python is told to keep no compiled files, each command they start would compile the hub anew.)
TESTING := HUB_DATA_DIR=.hub-test PYTHONDONTWRITEBYTECODE=
PIP     := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
ROOMS   := hub partners referrals risk reporting

.PHONY: help demo demo-reset test check drill bench pictures lock clean chromium
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help:  ## list these words
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: $(RUN)  ## run the whole hub with synthetic data until Ctrl-C (options: make demo DEMO="--port 8080")
	@$(BIN)/python manage.py demo --stop-with-parent $(DEMO)

demo-reset: $(RUN)  ## remove the demo's data, then run the demo afresh
	@$(BIN)/python manage.py engines destroy --yes
	@$(BIN)/python manage.py demo --stop-with-parent $(DEMO)

test: $(DEV) chromium  ## run the test suite, and of the longest proofs one in eight (options: make test PYTEST="-k words")
	@$(call with_engines,$(BIN)/python -m pytest -m "not drill" -n logical --maxprocesses 4 --dist worksteal $(PYTEST))

check: $(DEV)  ## run every linter and type check
	@$(call with_engines,failed=; \
	  try() { echo "== $$*"; tool=$$1; shift; "$(BIN)/$$tool" "$$@" || failed="$$failed $$tool"; }; \
	  try ruff format --check --quiet .; \
	  try ruff check --quiet .; \
	  try mypy --no-error-summary .; \
	  try lint-imports; \
	  try djlint --quiet --lint templates; \
	  try bandit --quiet --recursive --configfile pyproject.toml --severity-level medium $(ROOMS); \
	  try python manage.py makemigrations --check --dry-run; \
	  if [ -n "$$failed" ]; then echo "Not clean:$$failed" >&2; exit 1; fi)

drill: $(DEV) chromium  ## run the long proofs, with their seeds printed
	@$(call with_engines,$(BIN)/python -m pytest -m "drill or long" -s $(PYTEST))

bench: $(DEV)  ## measure, print a table and write bench/results.json
	@$(call with_engines,$(BIN)/python -m bench)

pictures: $(DEV) chromium  ## make the pictures of the docs from a demo of their own
	@$(BIN)/python -m docs.pictures

lock: $(DEV)  ## make the lock files anew from pyproject.toml
	@$(BIN)/uv --version >/dev/null 2>&1 || $(PIP) install uv
	@$(call compile,requirements-dev.txt,--extra dev)
	@$(call compile,requirements.txt,--constraints requirements-dev.txt)

clean:  ## remove the virtual environment, caches and the test engines; the demo's data stay
	@if [ -x $(BIN)/python ] && [ -d .hub-test ]; then $(TESTING) $(BIN)/python manage.py engines destroy --yes; fi
	@rm -rf $(VENV) .hub-test .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage mutants staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Run a command, then stop the engines it was given (unless another run uses them), also on failure
# or Ctrl-C; keep its exit code.
define with_engines
export $(TESTING); \
trap 'exit 130' INT TERM HUP; \
trap 'code=$$?; $(BIN)/python manage.py engines stop --unless-used >/dev/null; exit $$code' EXIT; \
$(1)
endef

# No registry may be named in a lock file, hence no header and no index line.
define compile
$(BIN)/uv pip compile pyproject.toml $(2) --quiet --universal --python-version 3.11 \
  --generate-hashes --no-header --no-emit-index-url --output-file $(1)
endef

# The system's own Python comes first: distributions build theirs optimised, which takes a third off the suite.
$(BIN)/python:
	@set -e; \
	for python in $(PYTHON) /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making the virtual environment with $$($$python --version) ..."; \
	    exec $$python -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "This needs Python 3.11 or newer with its venv and ensurepip modules" >&2; \
	echo "(on Debian and Ubuntu: the package python3-venv). Found: $$(python3 --version 2>&1)." >&2; \
	echo "If it lies elsewhere: make PYTHON=/path/to/python3 ..." >&2; \
	exit 1

$(RUN): | $(BIN)/python
	@echo "Installing what the hub needs (once) ..."
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@touch $@

$(DEV): | $(BIN)/python
	@echo "Installing what the tests and checks need (once) ..."
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

# The browser tests need Chromium; without it they are skipped, saying so.
chromium:
	@for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do \
	  if command -v $$name >/dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Debian's chromium for the browser tests (once) ..."; \
	  export DEBIAN_FRONTEND=noninteractive; apt-get update -qq >/dev/null; \
	  for name in chromium-headless-shell chromium; do \
	    apt-get install -y -qq --no-install-recommends $$name >/dev/null 2>&1 && exit 0; \
	  done; \
	fi; \
	echo "No Chromium found: the browser tests need one (on Debian: apt-get install chromium)." >&2
