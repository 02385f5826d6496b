# One folder (.venv) for everything that is made here; Odoo itself goes to the user's cache.
PYTHON ?= python3
BOOT := $(PYTHON) scripts/bootstrap.py
comma := ,
.DEFAULT_GOAL := help
.PHONY: help run stop test lint format soak mutate coverage bench scale demo-flow screenshots i18n wheel clean distclean upgrades live compat

help: ## This list
	@echo "Order Process Control: what you can do here"
	@grep -hE '^[a-z0-9-]+:.*##' Makefile | sed -E 's/^([a-z0-9-]+):.*## (.*)/\1|\2/' | awk -F'|' '{printf "  make %-11s %s\n", $$1, $$2}'

run: ## Start Odoo with the demo database and print address and logins (PORT=8069, ODOO_PATH=, PGHOST= or DATABASE_URL=)
	@PORT="$(PORT)" $(BOOT) test scripts/run.py

stop: ## Stop Odoo and the PostgreSQL that make run started
	@$(BOOT) none scripts/stop.py

test: ## Run all tests, or a part: T=<path or -k expression>
	@$(BOOT) test scripts/run_tests.py "$(T)"

lint: ## Check style, Odoo's conventions, translations and the direction between rooms
	@$(BOOT) lint scripts/lint.py

format: ## Let the linters mend what they can (ruff, OCA checks)
	@$(BOOT) lint scripts/lint.py --fix

soak: ## Random walks through the whole process: N=<steps> (10000), S=<seed> to take them again
	@S="$(S)" SHRINK="$(SHRINK)" $(BOOT) test scripts/soak.py "$(N)"

mutate: ## Disable one guard at a time and see whether tests notice: M=<prefixes of names>
	@$(BOOT) test scripts/mutate.py "$(M)"

coverage: ## Which lines of the addon no test runs: T=<as for make test>
	@$(BOOT) test scripts/coverage_report.py "$(T)"

bench: ## Measure against plain Odoo and peers: B=<prefixes of scenario names>
	@$(BOOT) test scripts/bench.py "$(B)"

scale: ## Try several servers and a replica of the database for real: S=read,write,lag,scan,lose
	@$(BOOT) test scripts/scale.py $(subst $(comma), ,$(S))

demo-flow: ## Import the sample orders into the demo database and take each as far as it gets
	@$(BOOT) test scripts/demo_flow.py

screenshots: ## Take the pictures of the documentation from the demo database
	@$(BOOT) test scripts/screenshots.py

upgrades: ## Update databases of earlier versions and compare: V=<version or commit>, V=all
	@$(BOOT) test scripts/upgrades.py "$(V)"

live: ## Install beside ten thousand orders, uninstall, install again: N=<orders>
	@$(BOOT) test scripts/live.py "$(N)"

compat: ## Odoo's own tests without and with the addon: M=<modules>, TOURS=1 with the browser
	@TOURS="$(TOURS)" $(BOOT) test scripts/compat.py "$(M)"

i18n: ## Bring the template of texts and the translations up to date with the code
	@$(BOOT) test scripts/i18n.py

wheel: ## Build the addon as a distribution for pip into dist/
	@$(BOOT) test scripts/build_wheel.py

clean: ## Stop everything and remove .venv
	@$(BOOT) none scripts/clean.py

distclean: ## The same, and Odoo in the user's cache
	@$(BOOT) none scripts/clean.py --cache
