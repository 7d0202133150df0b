"""timm's pretrained networks with SE or a relative of it, and their twins without.

assets/networks.tsv has what is known of each.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

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
RELATIVES = {  # a few networks whose blocks are relatives of SE
    "eca_resnet33ts.ra2_in1k": "ECA-ResNet-33ts",
    "eca_resnext26ts.ch_in1k": "ECA-ResNeXt-26ts",
    "ecaresnet50d.miil_in1k": "ECA-ResNet-50d",
    "resnest50d_1s4x24d.in1k": "ResNeSt-50d 1s4x24d",
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
    "eca_resnet33ts.ra2_in1k": "resnet33ts.ra2_in1k",
    "seresnet152d.ra2_in1k": "resnet152d.ra2_in1k",
    "seresnext50_32x4d.gluon_in1k": "resnext50_32x4d.gluon_in1k",
    "seresnext101_32x4d.gluon_in1k": "resnext101_32x4d.gluon_in1k",
}


class Row(NamedTuple):
    """A row of the table: figures, what timm says of the weights, and where they are.

    cfg: as of `Registered.cfg`; origin: the Hub's repository, or the release's address.
    """

    figures: Figures
    cfg: dict[str, Any]
    origin: str


class Published(Registered):
    """A pretrained network of timm's, with weights on the Hub or in a release."""

    @property
    def kind(self) -> str:
        """Return where its weights are published: hub or release."""
        return "release" if "://" in self.origin else "hub"

    @property
    def origin(self) -> str:
        """Return the Hub's repository, or the release's address."""
        return table()[self.key].origin

    @property
    def cfg(self) -> dict[str, Any]:
        """Return what the table knows of timm's description of its weights."""
        return table()[self.key].cfg

    @property
    def config(self) -> dict[str, Any]:
        """Return the preprocessing that belongs to its weights, as timm knows it."""
        from timm.data import resolve_data_config
        from timm.models import get_pretrained_cfg

        cfg = get_pretrained_cfg(self.timm_name)
        assert cfg is not None, self.key
        config: dict[str, Any] = resolve_data_config({}, pretrained_cfg=cfg.to_dict())
        return config

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
        return imagenet_classes(self.class_count)

    def fetch(self) -> Path:
        """Download the weights where they are missing or damaged; returns their file."""
        return download.fetch(self)


@cache
def published_sources() -> tuple[Published, ...]:
    """List the article's families, each in timm's order, other networks with SE, and relatives."""
    order = list(GROUPS.values())
    found = [
        _of_family(name, match)
        for name in table()
        if (match := FAMILY.match(_architecture_and_tag(name)[0]))
    ]
    others = [
        _network(key, _titled(key, called), group)
        for group, named in (("other", OTHERS), ("relative", RELATIVES))
        for key, called in named.items()
    ]
    return *sorted(found, key=lambda network: order.index(network.group)), *others


def _of_family(key: str, match: re.Match[str]) -> Published:
    """Make a network of the article's families; match: of `FAMILY` with its architecture."""
    legacy, family, variant = match.groups()
    name = f"{GROUPS[family]}-{variant.replace('_', ' ')}"
    return _network(key, _titled(key, name, "legacy " if legacy else ""), GROUPS[family])


def _titled(key: str, name: str, before: str = "") -> str:
    return f"{name} · {before}{_architecture_and_tag(key)[1]}"


def _network(key: str, title: str, group: str) -> Published:
    architecture, tag = _architecture_and_tag(key)
    plain = title.partition("-")[2]  # without SE- or ECA-
    return Published(
        key=key,
        title=title,
        group=group,
        architecture=architecture,
        tag=tag,
        figures=table()[key].figures,
        has_gates=key not in TWINS.values(),
        twin=_twin(TWINS[key], plain) if key in TWINS else None,
    )


@cache
def _twin(key: str, title: str) -> Published:
    """Make the network without SE that is the twin of one or more, by their title without SE."""
    return _network(key, f"{title} · the twin without SE", "twin")


def _architecture_and_tag(key: str) -> tuple[str, str]:
    architecture, _, tag = key.partition(".")
    return architecture, tag


@cache
def table() -> dict[str, Row]:
    """Read the table of the networks (see its head for sources and dates), by key."""
    rows = (ASSETS / "networks.tsv").read_text("utf-8").splitlines()
    cells = [row.split("\t") for row in rows if not row.startswith(("#", "key\t"))]
    return {key: _row(values) for key, *values in cells}


def _row(values: list[str]) -> Row:
    count, size, top1, top5, pixels, classes, licence, origin = values
    figures = Figures(
        int(count), float(top1) if top1 else None, float(top5) if top5 else None, int(size)
    )
    cfg = {
        "input_size": tuple(map(int, pixels.split("×"))),
        "num_classes": int(classes),
        "license": licence or None,
    }
    return Row(figures, cfg, origin)
