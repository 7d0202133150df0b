"""The classes of SE blocks and of their relatives, with the names of their parts."""

from typing import NamedTuple

from timm.layers import (
    CecaModule,
    EcaModule,
    EffectiveSEModule,
    GatherExcite,
    GlobalContext,
    SEModule,
    SplitAttn,
)
from timm.layers.cbam import ChannelAttn, LightChannelAttn
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models.hgnet import EseModule
from timm.models.senet import SEModule as LegacySEModule
from torch import nn
from torchvision.ops import SqueezeExcitation

from seviz.errors import UserError
from seviz.nets.block import SEBlock
from seviz.records.sites import (
    CBAM,
    ECA,
    GATHER_EXCITE,
    GLOBAL_CONTEXT,
    SE,
    SPLIT_ATTENTION,
)


class Names(NamedTuple):
    """The names of a class's parts, in the order in which tensors pass through them.

    A part is an attribute, or a call of a function in the class's forward: `sigmoid#0` is the first
    call of torch.sigmoid. first: the part that z enters; hidden: the norm and activation behind it;
    second: the projection back to C, or None where there is only one; gate: the function whose
    result is s; squeeze: the part that U enters, None where the block itself does; kind: of block.
    """

    first: str
    hidden: tuple[str, ...]
    second: str | None
    gate: str
    squeeze: str | None = None
    kind: str = SE

    @property
    def last_hidden(self) -> str:
        """Return the part whose result enters the second projection, "" where there is none."""
        return self.hidden[-1] if self.hidden else ""


# Blocks are recognised by class, not by attribute name, as `.se` may hold ECA or CBAM. The first
# class that fits counts, so a subclass comes before its base.
NAMES: dict[type[nn.Module], Names] = {
    SEModule: Names("fc1", ("bn", "act"), "fc2", "gate"),
    LegacySEModule: Names("fc1", ("relu",), "fc2", "sigmoid"),
    SqueezeExcite: Names("conv_reduce", ("act1",), "conv_expand", "gate"),
    SqueezeExcitation: Names("fc1", ("activation",), "fc2", "scale_activation"),
    EffectiveSEModule: Names("fc", (), None, "gate"),
    EseModule: Names("conv", (), None, "sigmoid"),
    SEBlock: Names("w1", ("delta",), "w2", "sigma"),
    EcaModule: Names("conv", (), None, "gate", kind=ECA),
    CecaModule: Names("pad#0", (), None, "gate", kind=ECA),
    LightChannelAttn: Names("fc1", ("act",), "fc2", "sigmoid#0", kind=CBAM),
    ChannelAttn: Names("fc1", ("act",), "fc2", "gate", kind=CBAM),
    GatherExcite: Names("mlp", (), None, "gate", kind=GATHER_EXCITE),
    GlobalContext: Names("mlp_scale", (), None, "gate", kind=GLOBAL_CONTEXT),
    SplitAttn: Names("fc1", ("bn1", "act1"), "fc2", "rsoftmax", "mean#0", kind=SPLIT_ATTENTION),
}


def names_of(module: nn.Module) -> Names | None:
    """Return the names of a block's parts; None where its class is not known."""
    return next((names for kind, names in NAMES.items() if isinstance(module, kind)), None)


def why_not(module: nn.Module) -> str:
    """Say why a block of a known class can't be opened, as a clause; "" where it can."""
    if isinstance(module, SplitAttn) and module.radix > 1:
        return f"has {module.radix} gates for each channel, and only one can be shown"
    if isinstance(module, GatherExcite) and (module.extent or module.gather is not None):
        return "has gates for each place, not for each channel"
    if isinstance(module, GlobalContext) and module.mlp_scale is None:
        return "adds to its features and has no gates"
    return ""


def register(
    block: type[nn.Module],
    *,
    first: str,
    hidden: str | tuple[str, ...] = (),
    second: str | None = None,
    gate: str,
    squeeze: str | None = None,
) -> None:
    """Tell seviz where the parts of a class of SE blocks are, for networks opened from now on.

    block: the class, whose forward multiplies its features U by the gates s. Each part is the name
    of one of its attributes (`"fc1"`, `"body.2"`), or of a function of torch that its forward calls
    (`"sigmoid"`, or `"sigmoid#1"` for the second call). first: the projection that the squeezed z
    enters; hidden: the norm and activation behind it; second: the projection back to C, None where
    there is only one; gate: the function whose result is s; squeeze: the part that U enters, None
    where U is what the block itself gets. UserError where `block` is no class of modules.
    """
    if not (isinstance(block, type) and issubclass(block, nn.Module)):
        raise UserError(
            "seviz.register takes a class of torch modules first, not one of its objects: "
            'seviz.register(MySE, first="fc1", second="fc2", gate="sigmoid").'
        )
    names = Names(first, (hidden,) if isinstance(hidden, str) else hidden, second, gate, squeeze)
    NAMES.pop(block, None)
    rest = dict(NAMES)
    NAMES.clear()  # the class comes first, as it may be a subclass of a known one
    NAMES.update({block: names, **rest})
