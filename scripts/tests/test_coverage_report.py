"""make coverage: what its report says."""

import coverage_report

REPORT = """\
Name                                Stmts   Miss  Cover   Missing
-----------------------------------------------------------------
order_process_control/hooks.py         12      0   100%
order_process_control/models/a.py      40     10    75%   3-8, 12, 20-22
order_process_control/models/b.py      20      1    95%   7
order_process_control/models/c.py      50     25    50%   1-25
-----------------------------------------------------------------
TOTAL                                 122     36    70%
"""


def test_files_below_come_first():
    assert coverage_report.below(REPORT.splitlines()) == [
        (50, 50, "order_process_control/models/c.py", "1-25"),
        (75, 40, "order_process_control/models/a.py", "3-8, 12, 20-22"),
    ]
    assert len(coverage_report.below(REPORT.splitlines(), enough=100)) == 3


def test_each_process_measures_into_a_folder_of_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(coverage_report, "DATA", tmp_path / "coverage")
    (tmp_path / "coverage").mkdir()
    (tmp_path / "coverage" / "data.of.yesterday").write_text("")
    settings = coverage_report.environment()["COVERAGE_PROCESS_START"]
    text = (tmp_path / "coverage" / "settings").read_text()
    assert settings == str(tmp_path / "coverage" / "settings")
    assert f"data_file = {tmp_path / 'coverage' / 'data'}\n" in text and "parallel = true" in text
    assert not list((tmp_path / "coverage").glob("data*"))
