import torch
from networks import randn

from seviz.pictures.views import ROTATION, SCALE, SHIFT, View, middle


def test_the_plain_view_is_the_middle_pixel_by_pixel():
    canvas = randn(2, 3, 36, 27)
    torch.testing.assert_close(View().of(canvas, 32, 23), middle(canvas, 32, 23))
    assert torch.equal(middle(canvas, 32, 23), canvas[:, :, 2:34, 2:25])


def test_shifts_are_shares_of_the_views_side():
    canvas = randn(1, 1, 40, 40)
    seen = View(down=4 / 32, right=-2 / 32).of(canvas, 32, 32)
    torch.testing.assert_close(seen[..., 2:-2, 2:-2], canvas[:, :, 10:38, 4:32], rtol=0, atol=1e-4)


def test_a_quarter_turn_turns_rows_into_columns():
    canvas = randn(1, 1, 20, 12)
    seen = View(rotation=90).of(canvas, 12, 20)
    torch.testing.assert_close(seen[0, 0], torch.rot90(canvas[0, 0]), rtol=0, atol=1e-4)


def test_a_larger_scale_sees_more():
    ramp = torch.linspace(-1, 1, 41).expand(1, 1, 41, 41).contiguous()
    seen = View(scale=1.25).of(ramp, 32, 32)[0, 0, 0]
    torch.testing.assert_close(seen[1:] - seen[:-1], torch.full((31,), 1.25 * 2 / 40))


def test_each_step_has_its_own_view_within_the_ranges_and_always_the_same():
    views = [View.draw(step) for step in range(50)]
    assert len(set(views)) == 50
    assert views == [View.draw(step) for step in range(50)]
    for of in views:
        assert abs(of.scale - 1) <= SCALE
        assert abs(of.rotation) <= ROTATION
        assert max(abs(of.down), abs(of.right)) <= SHIFT
