import json
from dataclasses import asdict

from seviz.answers.profile import profile_report
from seviz.nets.embedded import ASSETS
from seviz.reference.profile import Profile


def test_a_report_has_each_block_in_short():
    known = Profile.load(ASSETS / "seresnet50_slim.profile.safetensors")
    found = profile_report(known)
    assert (found.model, found.images, len(found.classes)) == ("embedded", known.images, 200)
    block, of = next(b for b in found.blocks if b.name == "SE_4_6"), known.blocks["SE_4_6"]
    assert (block.channels, block.mean) == (384, float(of.s_mean.mean()))
    assert block.least == of.s_quantiles.min()
    assert block.greatest == of.s_quantiles.max()
    assert 0 < block.moving <= 384
    assert json.loads(json.dumps(asdict(found)))["sampled"] == known.sampled
