# The same commands on a laptop and in CI. Only Python 3.11 to 3.13, git and make are assumed.
.PHONY: help install demo test test-spark lint bench bench-quality bench-scoring bench-choice bench-features bench-lasting peers lock clean
.DEFAULT_GOAL := help

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

install: ## .venv from the lock, and this package in it
	@scripts/install.sh

demo: install ## a year of real purchases: segments, report, published tables
	@cd examples/complete_journey && ../../.venv/bin/dbt --quiet deps && ../../.venv/bin/dbt-segmentation run

test: install ## the whole test suite
	@.venv/bin/python -m pytest -n 2 --dist loadfile

lint: ## ruff, mypy, sqlfluff and strict dbt parsing, in .venv-lint
	@scripts/lint.sh

test-spark: ## what Spark and DuckDB must agree on, in .venv-spark; needs Java 17
	@scripts/test_spark.sh

bench: install ## where the demo's time goes
	@.venv/bin/python benchmarks/demo.py

bench-quality: install ## groups that are known, found again; noise told to be noise (jafgen: pip install -e '.[bench]')
	@.venv/bin/python benchmarks/quality.py

peers: install ## .venv-peers with PyCaret, for bench-quality; needs Python 3.11
	@python3.11 -m venv .venv-peers && .venv/bin/uv pip install --quiet --python .venv-peers/bin/python -r benchmarks/peers.txt

bench-scoring: install ## five million customers, scored in SQL and by scikit-learn
	@.venv/bin/python benchmarks/scoring.py

bench-choice: install ## the whole choice on 100,000 x 40: time, memory, what was skipped
	@.venv/bin/python benchmarks/choice.py

bench-lasting: install ## month after month on the demo: keys, moves, and what planted changes do (half an hour)
	@.venv/bin/python benchmarks/lasting.py

bench-features: install ## what features cost beside one group by, at 1 to 50 million rows
	@.venv/bin/python benchmarks/features.py

lock: install ## renew all locks after a change of dependencies
	@scripts/lock.sh

clean: ## remove everything that was made, the environments too
	@rm -rf .venv .venv-lint .venv-spark .venv-peers build .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
	@rm -rf target logs dbt_packages published reports/out *.duckdb *.duckdb.* .*.duckdb.run
	@cd examples/complete_journey 2>/dev/null && rm -rf target logs dbt_packages published reports/out *.duckdb *.duckdb.* .*.duckdb.run || true
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
