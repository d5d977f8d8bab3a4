# Two commands need nothing but Python 3.11 or newer and make:  make report  and  make test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
STUDY ?= examples/readiness/study.yml
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

.PHONY: report test check docs proofs pins clean

report: $(VENV)/.run  ## write the readiness report into out/
	$(BIN)/sendthemes report $(STUDY) --out $(OUT)

test: $(VENV)/.test  ## run the tests that need nothing but Python
	@echo "Tests that need Chromium, LibreOffice, Java or much time are left out here; .ci/run runs them."
	$(BIN)/python -m pytest

check: $(VENV)/.test  ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

docs: $(VENV)/.docs  ## build the documentation site into site/
	$(BIN)/mkdocs build --strict

proofs: $(VENV)/.test  ## long proofs: fuzzing and large property tests
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest -m "slow or not (chromium or libreoffice or spark or slow)"

pins:  ## make requirements/*.txt anew
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/run.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra test --extra lint -c requirements/run.txt -o requirements/test.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra docs -c requirements/test.txt -o requirements/docs.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra test --extra spark -c requirements/test.txt -o requirements/spark.txt

clean:
	rm -rf $(VENV) $(OUT) site dist

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "sendthemes needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The pinned packages first, each held to its hash; then this checkout, without touching them again.
$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.docs: $(VENV)/.run requirements/docs.txt
	$(PIP) --require-hashes -r requirements/docs.txt
	@touch $@
