from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.reports.kinds import check_report_file


def test_a_report_is_html_or_a_zip(tmp_path: Path):
    check_report_file(tmp_path / "a.html")
    check_report_file(tmp_path / "a.ZIP")
    with pytest.raises(UserError, match=r"has to end in \.html or \.zip"):
        check_report_file(tmp_path / "a.pdf")
    with pytest.raises(UserError, match="can't be written"):
        check_report_file(tmp_path / "missing" / "a.html")
