from seviz.drawing.result_table import result_table


def test_all_texts_are_escaped_and_a_row_has_a_cell_a_head():
    rows = [("<b>", "1"), ("b", "2")]
    shown = result_table("a < b", ("x", "<i>"), rows, below=("note & more", ""))
    assert "a &lt; b" in shown and "&lt;i&gt;" in shown and "note &amp; more" in shown
    assert (shown.count("<th "), shown.count("<td "), shown.count("<tr>")) == (2, 4, 3)
    assert shown.count("<p ") == 2
    assert "&#39;" not in shown.replace("note", "")


def test_a_column_that_says_nothing_is_left_out():
    shown = result_table("", ("a", "empty", "c"), [("1", "", ""), ("2", "", "3")], below=())
    assert "empty" not in shown
    assert (shown.count("<th "), shown.count("<td ")) == (2, 4)
    assert "empty" in result_table("", ("a", "empty"), [], below=())
