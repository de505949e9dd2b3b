# Two commands do everything: `make demo` and `make test`. Both need Python and make alone.
PYTHON ?= python3
ENVIRONMENT ?= .venv
INSTALLED := $(ENVIRONMENT)/.installed

.PHONY: demo test test-runtimes web lint clean

demo: $(INSTALLED)
	$(ENVIRONMENT)/bin/python examples/demo.py

test: $(INSTALLED) lint
	$(ENVIRONMENT)/bin/python -m pytest --ignore=tests/environments --numprocesses auto --dist loadfile

# Checks in environments of their own, which they install; needs Node.js and Chromium as well.
test-runtimes: $(INSTALLED)
	$(ENVIRONMENT)/bin/python -m pytest tests/environments --numprocesses auto --dist loadfile

# The page of examples/web on http://127.0.0.1:8000; needs Node.js.
web:
	cd examples/web && npm ci --no-audit --no-fund && npm start

lint: $(INSTALLED)
	$(ENVIRONMENT)/bin/ruff check .
	$(ENVIRONMENT)/bin/ruff format --check .

$(INSTALLED): setup.cfg pyproject.toml
	@test -d $(ENVIRONMENT)/bin || $(PYTHON) -m venv $(ENVIRONMENT)
	$(ENVIRONMENT)/bin/python -m pip install --disable-pip-version-check -q -e ".[test]"
	@touch $@

clean:
	rm -rf $(ENVIRONMENT) build dist *.egg-info demo_output
