"""timm's pretrained SE networks, their twins without SE, and the table of published figures."""

import re
from functools import cache
from pathlib import Path

import timm
from timm.models import split_model_name_tag

from seviz.nets.embedded import ASSETS
from seviz.zoo import download
from seviz.zoo.labels import Classes, imagenet_classes
from seviz.zoo.registered import Registered
from seviz.zoo.sources import Figures

GROUPS = {"seresnet": "SE-ResNet", "seresnext": "SE-ResNeXt", "senet": "SENet"}
FAMILY = re.compile(r"^(legacy_)?(seresnet|seresnext|senet)(\w*\d\w*)$")
OTHERS = {  # a few networks of other kinds whose blocks hold SE
    "efficientnet_b0.ra_in1k": "EfficientNet-B0",
    "efficientnetv2_rw_t.ra2_in1k": "EfficientNetV2-T",
    "ese_vovnet19b_dw.ra_in1k": "eSE-VoVNet-19b-dw",
    "mobilenetv3_large_100.ra_in1k": "MobileNetV3-large",
    "regnety_016.tv2_in1k": "RegNetY-1.6GF",
    "regnety_032.ra_in1k": "RegNetY-3.2GF",
    "resnetrs50.tf_in1k": "ResNet-RS-50",
    "semnasnet_100.rmsp_in1k": "MnasNet-A1",
}
# Networks that timm has with and without SE, of one architecture and trained by one recipe:
# - a1, a2 and a3 are the procedures of “ResNet strikes back” (Wightman et al., arXiv 2110.00476),
#   which trains all architectures by the same settings;
# - ra2 is timm's own recipe, which its model cards describe in the same words for both of a pair;
# - gluon: both run scripts/classification/imagenet/train_imagenet.py with equal options, but for
#   the number format (dmlc/web-data, gluoncv/logs/classification/imagenet/*.sh). The scripts of the
#   101-layer 64x4d pair name different batch sizes, so that it is left out.
# Weights of one tag are not enough: seresnext26ts.ch_in1k, seresnet50.ra2_in1k and others have no
# plain network of their tag, and RegNetY differs from RegNetX in its widths, too.
TWINS = {
    "seresnet50.a1_in1k": "resnet50.a1_in1k",
    "seresnet50.a2_in1k": "resnet50.a2_in1k",
    "seresnet50.a3_in1k": "resnet50.a3_in1k",
    "seresnet33ts.ra2_in1k": "resnet33ts.ra2_in1k",
    "seresnet152d.ra2_in1k": "resnet152d.ra2_in1k",
    "seresnext50_32x4d.gluon_in1k": "resnext50_32x4d.gluon_in1k",
    "seresnext101_32x4d.gluon_in1k": "resnext101_32x4d.gluon_in1k",
}


class Published(Registered):
    """A pretrained network of timm's, with weights on the Hub or in a release."""

    @property
    def kind(self) -> str:
        """Return where its weights are published: hub or release."""
        return "hub" if self.cfg.hf_hub_id else "release"

    @property
    def origin(self) -> str:
        """Return the Hub's repository, or the release's address."""
        return str(self.cfg.hf_hub_id or self.cfg.url)

    @property
    def local_file(self) -> Path | None:
        """Return the downloaded file; None where it was not downloaded."""
        return download.cached_file(self.kind, self.origin)

    @property
    def names(self) -> tuple[str, ...]:
        """Return timm's name; also without its tag where the network has gates to open."""
        return super().names if self.has_gates else (self.timm_name,)

    @property
    def classes(self) -> Classes | None:
        """Return the classes of the ImageNet that it was trained on."""
        return imagenet_classes(self.cfg.num_classes)

    def fetch(self) -> Path:
        """Download the weights where they are missing or damaged; returns their file."""
        return download.fetch(self)


@cache
def published_sources() -> tuple[Published, ...]:
    """List the article's families, each in timm's order, and the networks of OTHERS."""
    order, table = list(GROUPS.values()), figures()
    found = [
        _of_family(name, table[name], match)
        for name in timm.list_models(pretrained=True)
        if (match := FAMILY.match(split_model_name_tag(name)[0]))
        and name in table  # a newer timm may have more
    ]
    others = [
        _network(key, f"{called} · {split_model_name_tag(key)[1]}", "other", known=table[key])
        for key, called in OTHERS.items()
    ]
    return *sorted(found, key=lambda network: order.index(network.group)), *others


def _of_family(key: str, known: Figures, match: re.Match[str]) -> Published:
    """Make a network of the article's families; match: of `FAMILY` with its architecture."""
    legacy, family, variant = match.groups()
    name = f"{GROUPS[family]}-{variant.replace('_', ' ')}"
    tag = split_model_name_tag(key)[1]
    title = f"{name} · {'legacy ' if legacy else ''}{tag}"
    twin = None
    if key in TWINS:
        plain = f"{title.removeprefix('SE-')} · the twin without SE"
        twin = _network(TWINS[key], plain, GROUPS[family], known=figures()[TWINS[key]])
    return _network(key, title, GROUPS[family], known=known, twin=twin)


def _network(
    key: str, title: str, group: str, *, known: Figures, twin: Published | None = None
) -> Published:
    architecture, tag = split_model_name_tag(key)
    return Published(
        key=key,
        title=title,
        group=group,
        architecture=architecture,
        tag=tag,
        figures=known,
        has_gates=key not in TWINS.values(),
        twin=twin,
    )


@cache
def figures() -> dict[str, Figures]:
    """Read the table of the networks' figures (see its head for source and date), by key."""
    rows = (ASSETS / "networks.tsv").read_text("utf-8").splitlines()
    cells = [row.split("\t") for row in rows if not row.startswith(("#", "key\t"))]
    return {
        key: Figures(
            int(count), float(top1) if top1 else None, float(top5) if top5 else None, int(size)
        )
        for key, count, size, top1, top5 in cells
    }
