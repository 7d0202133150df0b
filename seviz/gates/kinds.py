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
from seviz.phrases import brief, join_list
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


# Blocks are recognised by class, not by attribute name, as `.se` may hold ECA or CBAM.
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


REGISTERED: dict[type[nn.Module], Names] = {}  # by `register`; they count before those above


def names_of(module: nn.Module) -> Names | None:
    """Return the names of a block's parts, as its nearest class has them; None if none is known."""
    kind = _known_class(module)
    return None if kind is None else REGISTERED.get(kind) or NAMES[kind]


def registered_class(module: nn.Module) -> type[nn.Module] | None:
    """Return the class that `register` was told of a block; None where seviz knows it itself."""
    kind = _known_class(module)
    return kind if kind in REGISTERED else None


def _known_class(module: nn.Module) -> type[nn.Module] | None:
    classes = type(module).__mro__  # a subclass comes before its bases
    return next((kind for kind in classes if kind in REGISTERED or kind in NAMES), None)


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
    (`"sigmoid"`, or `"sigmoid#1"` for the second call; an operator has the name of its method,
    `1 / x` that of `__rdiv__`: `"rdiv"`). first: the projection that the squeezed z enters; hidden:
    the norm and activation behind it; second: the projection back to C, None where there is only
    one; gate: the function whose result is s, by which U is multiplied; squeeze: the part that U
    enters, None where U is what the block itself gets.

    What was registered for the class before is replaced; `seviz.unregister` takes it back. Where a
    network is opened, one pass checks the parts; UserError there if they don't fit. UserError here
    where `block` is no class of modules, or a part is no name.
    """
    _check_class("register", block)
    behind = tuple(hidden) if isinstance(hidden, tuple | list) else (hidden,)
    given = [("first", first), *(("hidden", part) for part in behind), ("gate", gate)]
    given += [(role, part) for role, part in (("second", second), ("squeeze", squeeze)) if part]
    for role, part in given:
        if not (isinstance(part, str) and part):
            raise UserError(
                f"{role} is {brief(repr(part))}; a part is the name of an attribute, such as "
                "“fc1”, or of a function of torch, such as “sigmoid”."
            )
    REGISTERED[block] = Names(first, behind, second or None, gate, squeeze or None)


def unregister(block: type[nn.Module]) -> None:
    """Forget what `register` was told of a class, for networks opened from now on.

    seviz then tells by itself where the parts are, if it can. UserError where nothing is
    registered for the class.
    """
    _check_class("unregister", block)
    if block not in REGISTERED:
        known = join_list([kind.__name__ for kind in REGISTERED] or ["none"])
        raise UserError(
            f"Nothing is registered for {block.__name__}; the classes that are registered: {known}."
        )
    del REGISTERED[block]


def _check_class(function: str, block: object) -> None:
    """Raise UserError where what `seviz.register` or `unregister` is given is no class."""
    if isinstance(block, type) and issubclass(block, nn.Module):
        return
    parts = ', first="fc1", second="fc2", gate="sigmoid"' if function == "register" else ""
    raise UserError(
        f"seviz.{function} takes a class of torch modules first, not one of its objects: "
        f"seviz.{function}(MySE{parts})."
    )
