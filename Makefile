# Two commands do everything: `make demo` and `make test`. What they lack, they install.
PY := .venv/bin/python
ONCE ?=
ONLY ?=

.PHONY: help demo test setup assets browser check lint types contracts bench bench-analysis bench-load format locales lock coverage clean

help:
	@echo "make demo            a province rated, weighted and published; keeps serving"
	@echo "make demo ONCE=1     the same, ends after the table"
	@echo "make test            every test"
	@echo "make check           lint, format, types, import contracts"
	@echo "make bench           speed, as ratios (ONLY=intake|index|import|form|kiosk|fraud|analysis for one group)"
	@echo "make bench-analysis  speed of the statistics (ONLY=30k|300k|3M|memory|domains|replicates|engines|r)"
	@echo "make bench-load      500 kiosks and 5,000 links in ten minutes (LOAD_MINUTES=1 for a look)"

demo: setup assets
	@$(PY) -m app demo $(if $(ONCE),--once)

test: setup assets browser
	$(PY) -m pytest -n auto --dist worksteal

setup: .venv/ready
.venv/ready: requirements-dev.txt pyproject.toml
	@sh deploy/prepare.sh environment

assets: .venv/assets
.venv/assets: .venv/ready package-lock.json $(wildcard app/assets/*)
	@sh deploy/prepare.sh assets

browser:
	@sh deploy/prepare.sh browser

check: setup assets lint types contracts

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: setup
	$(PY) -m mypy

contracts: setup
	.venv/bin/lint-imports

locales: setup
	$(PY) -m app.locales.update

format: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup assets browser
	@sh deploy/prepare.sh load
	$(PY) -m tests.benchmarks $(ONLY)

bench-load: setup assets
	$(PY) -m tests.benchmarks load

bench-analysis: setup
	$(PY) -m tests.benchmarks.analysis $(ONLY)

coverage: setup assets browser
	$(PY) -m pytest --cov --cov-report=term-missing:skip-covered --cov-fail-under=90

# The locks hold versions and hashes, no addresses. Needs uv (pip install uv).
lock:
	uv pip compile pyproject.toml --all-extras --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --python-version 3.11 -q -o requirements-dev.txt
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --python-version 3.11 -q -o requirements.txt

clean:
	rm -rf .venv node_modules app/static/dist var
