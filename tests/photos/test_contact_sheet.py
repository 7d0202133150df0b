from PIL import Image

from seviz.photos.contact_sheet import COLUMNS, GAP, PAPER, SIDE, contact_sheet


def test_each_photograph_is_whole_in_its_cell_and_groups_begin_new_rows():
    red, blue = Image.new("RGB", (64, 32), (255, 0, 0)), Image.new("L", (10, 40), 9)
    sheet = contact_sheet([[red] * (COLUMNS + 1), [blue]])
    step = SIDE + GAP
    assert sheet.size == (GAP + COLUMNS * step, GAP + 3 * step + 3 * GAP)
    middle = GAP + SIDE // 2
    assert sheet.getpixel((middle, middle)) == (255, 0, 0)
    assert sheet.getpixel((middle, GAP + 5)) == PAPER  # it is twice as wide as high
    assert sheet.getpixel((middle, middle + step)) == (255, 0, 0)
    assert sheet.getpixel((middle + step, middle + step)) == PAPER
    assert sheet.getpixel((middle, middle + 2 * step + 3 * GAP)) == (9, 9, 9)


def test_no_photographs_make_an_empty_sheet():
    assert contact_sheet([]).size == (GAP + COLUMNS * (SIDE + GAP), GAP)
