# Two commands do everything: `make demo` and `make test`. Both need Python and make alone.
PYTHON ?= python3
ENVIRONMENT ?= .venv
INSTALLED := $(ENVIRONMENT)/.installed

.PHONY: demo test lint clean

demo: $(INSTALLED)
	$(ENVIRONMENT)/bin/python examples/demo.py

test: $(INSTALLED) lint
	$(ENVIRONMENT)/bin/python -m pytest

lint: $(INSTALLED)
	$(ENVIRONMENT)/bin/ruff check .
	$(ENVIRONMENT)/bin/ruff format --check .

$(INSTALLED): setup.cfg pyproject.toml
	@test -d $(ENVIRONMENT)/bin || $(PYTHON) -m venv $(ENVIRONMENT)
	$(ENVIRONMENT)/bin/python -m pip install --disable-pip-version-check -q -e ".[test]"
	@touch $@

clean:
	rm -rf $(ENVIRONMENT) build dist *.egg-info demo_output
