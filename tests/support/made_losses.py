"""What a made network loses over made images."""

from seviz.records.losses import (
    ArmLoss,
    BlockLosses,
    Estimate,
    GreedyPath,
    HurtClass,
    Loss,
    SetNecessity,
    Step,
)


def made_loss(points: float, *, hurt: tuple[HurtClass, ...] = ()) -> Loss:
    """Lose so many points, with an interval of one point to either side."""
    lost = Estimate(points / 100, points / 100 - 0.01, points / 100 + 0.01)
    return Loss(lost, Estimate(-points / 10, -points / 10 - 0.1, -points / 10 + 0.1), 0.9, hurt)


def made_necessity(sites: tuple[str, ...] = ("SE_2_1", "SE_2_2", "SE_3_1")) -> SetNecessity:
    """Lose 1, 2, … points by each block alone; in the order of depth they lose 0.3, 0.6, …"""
    blocks = tuple(
        BlockLosses(
            site,
            parameters=1000 * n,
            macs=900 * n,
            time_share=0.02 * n,
            alone=made_loss(n, hurt=(HurtClass("lion", 50, 3 * n),)),
            onward=made_loss(10 * n),
            upto=made_loss(5 * n),
        )
        for n, site in enumerate(sites, start=1)
    )
    steps = tuple(
        Step(site, chosen=made_loss(0.3 * n), checked=made_loss(0.5 * n))
        for n, site in enumerate(sites, start=1)
    )
    arms = (("intact", 57.0), ("static", 24.6), ("resampled", 5.0), ("identity", 0.7))
    return SetNecessity(
        network="made",
        weights="ab" * 32,
        title="A made network",
        data="made (val)",
        images=1000,
        labelled=True,
        rule="static",
        statistics="made (train)",
        blocks=blocks,
        path=GreedyPath(1, choosing=490, checking=510, steps=steps),
        arms=tuple(
            ArmLoss(
                arm,
                Estimate(top1 / 100, top1 / 100 - 0.03, top1 / 100 + 0.03),
                made_loss(57.0 - top1),
            )
            for arm, top1 in arms
        ),
        date="2026-01-02",
        hardware="a made machine",
    )
