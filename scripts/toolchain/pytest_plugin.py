"""What our runs ask of pytest beside pytest-odoo: a database for each process, the browser's tests
and those that need more apps apart, no skips, figures for the last line.

Loaded by name (-p toolchain.pytest_plugin) by scripts/run_tests.py, in the main process and in
xdist's workers.
"""

import functools
import json
import os
from pathlib import Path

import pytest

RESULTS = "OPC_TEST_RESULTS"
DATABASE = "OPC_TEST_DATABASE"
# "more_apps" keeps the files of that folder, "browser" those of the others that start a browser,
# "quiet" the others that start none, "plain" both; nothing keeps all.
PART = "OPC_TEST_PART"
MORE_APPS_FOLDER = "more_apps"
BROWSER_CALLS = ("start_tour(", "browser_js(")
# pytest-odoo would make a worker its database with createdb from the PATH and share one filestore
# among all. We prepare databases beforehand: it must not see that it runs in a worker.
WORKER = os.environ.pop("PYTEST_XDIST_WORKER", None)


def database_name(base, worker):
    """The run database of a process: opc_run_gw0 for the first worker, opc_run for a run without
    workers.
    """
    return f"{base}_{worker}" if worker else base


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    if os.environ.get(DATABASE):
        config.option.odoo_database = database_name(os.environ[DATABASE], WORKER)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Tours have time limits: they run when nothing else wants the processor."""
    part = os.environ.get(PART)
    if part:
        kept = [item for item in items if belongs_to(part, item.path)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def belongs_to(part, file):
    if MORE_APPS_FOLDER in file.parts:
        return part == "more_apps"
    return part == "plain" or part == ("browser" if uses_browser(file) else "quiet")


@functools.cache
def uses_browser(file):
    """By file, since xdist deals them out by file too: does it start a browser?"""
    text = file.read_text(encoding="utf-8")
    return any(call in text for call in BROWSER_CALLS)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """A skipped test is a failed run: a green run that tested nothing is worse than a red one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if WORKER or reporter is None:
        return
    figures = count(reporter.stats)
    if figures["skipped"] and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if os.environ.get(RESULTS):
        Path(os.environ[RESULTS]).write_text(json.dumps(figures))


def count(stats):
    """Figures from the terminal reporter's lists. Errors (a broken set-up) count apart from
    failures.
    """
    return {
        "passed": len(stats.get("passed", [])) + len(stats.get("xpassed", [])),
        "failed": len(stats.get("failed", [])),
        "errors": len(stats.get("error", [])),
        "skipped": len(stats.get("skipped", [])) + len(stats.get("xfailed", [])),
    }


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("skipped", []):
        where, _line, reason = (
            report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, report.longrepr)
        )
        terminalreporter.write_line(
            f"SKIPPED (counts as a failure): {report.nodeid or where}: {reason}"
        )
