# Two commands do everything: `make demo` and `make test`. Both need Python and make alone.
PYTHON ?= python3
ENVIRONMENT ?= .venv
INSTALLED := $(ENVIRONMENT)/.installed

.PHONY: demo test test-runtimes lint clean

demo: $(INSTALLED)
	$(ENVIRONMENT)/bin/python examples/demo.py

test: $(INSTALLED) lint
	$(ENVIRONMENT)/bin/python -m pytest --ignore=tests/environments

# Checks in environments of their own, which they install.
test-runtimes: $(INSTALLED)
	$(ENVIRONMENT)/bin/python -m pytest tests/environments

lint: $(INSTALLED)
	$(ENVIRONMENT)/bin/ruff check .
	$(ENVIRONMENT)/bin/ruff format --check .

$(INSTALLED): setup.cfg pyproject.toml
	@test -d $(ENVIRONMENT)/bin || $(PYTHON) -m venv $(ENVIRONMENT)
	$(ENVIRONMENT)/bin/python -m pip install --disable-pip-version-check -q -e ".[test]"
	@touch $@

clean:
	rm -rf $(ENVIRONMENT) build dist *.egg-info demo_output
