# make run and make test work from a fresh checkout. make help lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test lint pictures constraints clean
ARGS ?=
bin := .venv/bin

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1	/' | expand -t 20

run: ## install, prepare and start the app at http://127.0.0.1:8000 (PORT=9000 make run: another port)
	@tools/install app
	@$(bin)/quizapp setup
	@exec $(bin)/quizapp serve

test: ## every check and every test (make test ARGS="-k date": some of them)
	@tools/install test
	@$(MAKE) --no-print-directory checks
	@$(bin)/pytest -n 2 --dist loadfile $(ARGS)

lint: ## style, types and the floor plan
	@tools/install test
	@$(MAKE) --no-print-directory checks

.PHONY: checks
checks:
	@$(bin)/ruff check --quiet
	@$(bin)/ruff format --check --quiet
	@$(bin)/mypy --no-error-summary
	@$(bin)/lint-imports --no-logo --no-cache

pictures: ## take the pictures of the help pages anew (then look at them)
	@tools/install test
	@QUIZAPP_RENEW_PICTURES=1 $(bin)/pytest -q tests/browser/test_help.py

constraints: ## resolve pyproject.toml anew and write constraints.txt
	@tools/renew-constraints

clean: ## remove what make installed and caches; the database stays
	rm -rf .venv *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find quizapp tests -name __pycache__ -type d -prune -exec rm -rf {} +
