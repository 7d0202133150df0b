import pytest

from seviz.answers import movers
from seviz.answers.movers import moved_gates
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT, UNIFORM
from seviz.records.trace import Trace


@pytest.fixture(scope="module")
def record(zoo, photo) -> Trace:
    return trace(zoo.get("embedded"), photo, [INTACT, IDENTITY, UNIFORM])


def test_gates_are_compared_with_what_is_usual_where_it_is_known(record: Trace):
    tables = moved_gates(record, 1, 3)
    assert [table.caption for table in tables] == ["More open than usual", "More shut than usual"]
    for table, sign in zip(tables, "+−", strict=True):
        assert len(table.rows) == len(table.opens) == 3
        assert all(row[-1].startswith(sign) for row in table.rows)


def test_without_statistics_they_are_compared_with_an_arm(record: Trace, monkeypatch):
    monkeypatch.setattr(movers, "reference", lambda key: None)
    assert moved_gates(record, 0, 3) == []
    assert [table.caption for table in moved_gates(record, 1, 3)] == ["Smallest gates"]
    beside = moved_gates(record, 2, 3)
    assert all(" than " in table.caption for table in beside)
    assert all(table.rows[0][-1] == "" for table in beside)
