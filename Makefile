# make run     the tracker on this machine, with its demo city     (PORT=8000)
# make test    everything that checks it                           (JOBS=2 side by side)
# make check   lint and types alone
# make soak    a town at work while its servers are killed, a few minutes on each database   (KILLS=120)
# make bench   how fast it is beside bare Flask and Django, and in a small city and a big one, which takes minutes to make
# make words   the sentences of code and pages into the catalogue of every language; then translate what is empty
# make clean   forget what was built; the city's data in instance/ stays

PORT ?= 8000
JOBS ?= 2
KILLS ?= 120
# What is compiled is kept, whatever the environment says: each of a hundred servers that tests start is there sooner.
PYTEST = PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest -n $(JOBS) --dist worksteal
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check soak bench words clean

run: .venv/.run
	@exec .venv/bin/python .ci/serve.py "$(PORT)"

test: .venv/.dev
	@.venv/bin/python .ci/prepare.py
	@$(MAKE) --no-print-directory check
	$(PYTEST)
	$(PYTEST) --database=postgresql

check: .venv/.dev
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy

soak: .venv/.dev
	.venv/bin/python -m tests.soak --kills $(KILLS)

# Django is what pages are measured against, and nothing else: it is kept out of .venv.
bench: .venv/.dev .cache/bench/django
	.venv/bin/python bench/speed.py $(BENCH)

.cache/bench/django: bench/rivals/requirements.txt
	@$(PIP) --upgrade --target $@ -r $<
	@touch $@

words: .venv/.dev
	@.venv/bin/pybabel extract -F pyproject.toml -k _l -k N_ --no-location --omit-header -o .cache/messages.pot .
	@.venv/bin/pybabel update -i .cache/messages.pot -d tracker/translations --no-fuzzy-matching --ignore-obsolete --omit-header -w 120

clean:
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: requirements.txt
	@PYTHON="$(PYTHON)" sh .ci/venv
	@echo "Installing what requirements.txt names"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	@echo "Installing what requirements-dev.txt names"
	@$(PIP) -r requirements-dev.txt
	@touch $@
