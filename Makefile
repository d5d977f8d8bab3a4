# Two commands need nothing but Python 3.11 or newer and make:  make report  and  make test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
STUDY ?= examples/readiness/study.yml
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

.PHONY: report test check docs proofs coverage mutation fuzz same-bytes types benchmark pins sbom clean

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

# The figures of docs/reliability.md and docs/performance.md; each takes minutes to hours.
proofs: $(VENV)/.test fuzz same-bytes coverage mutation types  ## all of them, and every property searched anew
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest
	$(BIN)/python -m pytest -m slow

coverage: $(VENV)/.test  ## what lines and branches the tests run; fails under 95 %
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered --cov-fail-under=95

mutation: $(VENV)/.mutation  ## how many changed lines each wing's tests notice, on a sample
	nice $(BIN)/python benchmarks/mutation.py $(WINGS)

fuzz: $(VENV)/.test  ## 10,000 codebooks and answers through code, redact and report
	SENDTHEMES_FUZZ=10000 $(BIN)/python -m pytest --hypothesis-show-statistics tests/test_fuzz.py

same-bytes: $(VENV)/.test  ## equal bytes of every output, with each Python from 3.11 to 3.13 that is found
	$(BIN)/python benchmarks/same_bytes.py

types: $(VENV)/.test  ## whether every public name has a full type
	cd $(BIN) && PATH="$$PWD:$$PATH" pyright --verifytypes sendthemes --ignoreexternal

benchmark: $(VENV)/.peers  ## the coding beside its peers, in one run
	$(BIN)/python benchmarks/coding.py --out docs/performance.json
	$(BIN)/python benchmarks/coding.py --edits
	$(BIN)/python benchmarks/streaming.py

pins:  ## make requirements/*.txt and the bill of materials anew
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/run.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra test --extra lint -c requirements/run.txt -o requirements/test.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra docs -c requirements/test.txt -o requirements/docs.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra test --extra spark -c requirements/test.txt -o requirements/spark.txt
	$(COMPILE) requirements/mutation.in -c requirements/test.txt -o requirements/mutation.txt
	$(COMPILE) requirements/peers.in -c requirements/test.txt -o requirements/peers.txt
	$(MAKE) sbom

sbom:  ## the bill of materials that every wheel holds
	$(PYTHON) requirements/sbom.py > requirements/sbom.cdx.json

clean:
	rm -rf $(VENV) $(OUT) site dist build

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

$(VENV)/.mutation: $(VENV)/.test requirements/mutation.txt
	$(PIP) --require-hashes -r requirements/mutation.txt
	@touch $@

$(VENV)/.peers: $(VENV)/.test requirements/peers.txt
	$(PIP) --require-hashes -r requirements/peers.txt
	@touch $@
