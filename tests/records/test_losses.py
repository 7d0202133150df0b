from dataclasses import replace

from made_losses import made_loss, made_necessity

from seviz.records.losses import GreedyPath, Step


def test_the_set_of_a_budget_ends_before_the_first_step_beyond_it():
    path = made_necessity().path
    assert [step.site for step in path.within(0.65)] == ["SE_2_1", "SE_2_2"]
    assert path.within(0.2) == ()
    assert len(path.within(1)) == 3


def test_beyond_the_paths_own_budget_nothing_is_known():
    path = replace(made_necessity().path, budget=0.5)
    assert [step.site for step in path.within(5)] == ["SE_2_1"]


def test_a_later_step_that_loses_less_does_not_count():
    losses = (0.1, 0.9, 0.2)
    steps = tuple(
        Step(name, chosen=made_loss(lost), checked=made_loss(lost))
        for name, lost in zip("abc", losses, strict=True)
    )
    assert [step.site for step in GreedyPath(1, 10, 10, steps).within(0.5)] == ["a"]
