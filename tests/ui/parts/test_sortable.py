from seviz.ui.parts.sortable import Cell, Head, Line, SortableTable, table

HEADS = [Head("network"), Head("top-1", "here"), Head("gap", "here"), Head("top-1", "there")]


def test_neighbours_of_one_group_have_its_words_over_them():
    shown = table("c", HEADS, [])
    assert '<th rowspan=2 scope="col"' in shown
    assert (
        '<th scope="colgroup" colspan="2">here</th><th scope="colgroup" colspan="1">there</th>'
    ) in shown
    for column, head in enumerate(HEADS):
        assert f'<button type="button" data-column="{column}">{head.text}</button>' in shown


def test_a_cell_that_is_no_number_has_what_it_is_sorted_by():
    line = Line("odd", (Cell("<n>"), Cell("1 %", 0.0123456789), Cell("2")))
    assert (
        '<tr class="odd"><th scope="row">&lt;n&gt;</th>'
        '<td data-value="0.0123457">1 %</td><td>2</td></tr>'
    ) in table("c", HEADS, [line])


def test_a_line_may_open_something_by_its_first_cell():
    line = Line("", (Cell("Net"),), opens="lab_<x>", says="Open Net")
    assert (
        '<th scope="row"><button type="button" data-name="lab_&lt;x&gt;" data-channel="0" '
        'title="Open Net" aria-label="Open Net">Net</button></th>'
    ) in table("c", HEADS, [line])


def test_clients_are_told_that_a_table_is_html():
    assert SortableTable("").api_info() == {"type": "string", "description": "HTML"}
