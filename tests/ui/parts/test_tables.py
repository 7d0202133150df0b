from seviz.ui.parts.tables import ChannelTable, figures


def test_rows_have_their_kind_and_texts_are_escaped():
    shown = figures("A & B", ["<h>", "n"], [("odd", ("<a>", "1")), ("", ("b", "2"))], kind="said")
    assert '<th scope="col">&lt;h&gt;</th><th scope="col">n</th>' in shown
    assert '<tr class="odd"><th scope="row">&lt;a&gt;</th><td>1</td></tr>' in shown
    assert '<tr class=""><th scope="row">b</th><td>2</td></tr>' in shown
    assert 'class="figures said"' in shown
    assert shown.count("A &amp; B") == 3  # to be read, and the names of the region and of the table


def test_first_cells_open_their_channels():
    shown = figures(
        "c", ["n"], [("", ("SE_2_1[3]", "1")), ("", ("x", "2"))], opens=[("SE_2_1", 3), ("<p>", 0)]
    )
    assert (
        '<th scope="row"><button type="button" data-name="SE_2_1" data-channel="3" '
        'title="Open channel 3 of SE_2_1">SE_2_1</button></th><td>1</td>'
    ) in shown
    assert 'data-name="&lt;p&gt;" data-channel="0"' in shown
    assert "SE_2_1[3]" not in shown


def test_a_block_opens_without_a_channel():
    shown = figures("c", ["n"], [("", ("SE_2_1", "1"))], opens=[("SE_2_1", None)])
    button = '<button type="button" data-name="SE_2_1" title="Open SE_2_1">SE_2_1</button>'
    assert f'<th scope="row">{button}</th><td>1</td>' in shown


def test_clients_are_told_that_a_table_is_html():
    assert ChannelTable("").api_info() == {"type": "string", "description": "HTML"}


def test_a_column_that_is_empty_in_every_row_is_left_out():
    rows = [("", ("x", "", "1", "")), ("", ("y", "", "", "2"))]
    table = figures("C", ("a", "b", "c", "d"), rows)
    assert '<th scope="col">a</th><th scope="col">c</th><th scope="col">d</th>' in table
    assert '<th scope="row">x</th><td>1</td><td></td>' in table
    assert '<th scope="row">y</th><td></td><td>2</td>' in table
    assert '<th scope="col">b</th>' in figures("C", ("a", "b"), [])
