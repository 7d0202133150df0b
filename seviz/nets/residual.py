"""The places of the SE block in a residual block (the article's figure 5 and section 6.5).

F is the residual branch: timm's bottleneck of 1×1, 3×3 and 1×1 convolutions with their norms. The
shortcut is x itself, or a projection of x where the shape changes.
"""

from typing import Any

from timm.models.resnet import Bottleneck
from torch import Tensor, nn
from torch.nn.functional import relu


class Standard(Bottleneck):  # type: ignore[misc]  # timm is untyped
    """The article's standard place: at the end of the residual branch, before the sum.

    With `nn.Identity()` as its `se` it is a plain residual block. `seviz.nets.hosts.insert_se` puts
    an SE block of `se_channels` channels there.
    """

    def __init__(self, inplanes: int, planes: int, **kwargs: Any) -> None:
        """Take the arguments of timm's Bottleneck; the output has C = 4·planes channels."""
        super().__init__(inplanes, planes, **kwargs)
        self.se: nn.Module = nn.Identity()
        self.se_channels: int = self.bn3.num_features

    def branch(self, x: Tensor) -> Tensor:
        """Compute F, N×inplanes×H×W to N×C×H'×W'."""
        x = self.act1(self.bn1(self.conv1(x)))
        x = self.act2(self.inner(self.bn2(self.conv2(x))))
        out: Tensor = self.bn3(self.conv3(x))
        return out

    def inner(self, x: Tensor) -> Tensor:
        """Return x; a subclass gates it here, between the 3×3 convolution's norm and its ReLU."""
        return x

    def shortcut(self, x: Tensor) -> Tensor:
        """Return x, projected to the shape of F(x) where that differs."""
        return x if self.downsample is None else self.downsample(x)

    def forward(self, x: Tensor) -> Tensor:
        """Run F → SE → + → ReLU."""
        return relu(self.se(self.branch(x)) + self.shortcut(x))


class Pre(Standard):
    """SE-PRE: the SE block comes before the residual branch; the shortcut skips both."""

    def __init__(self, inplanes: int, planes: int, **kwargs: Any) -> None:
        """Set the SE block's channels to those of the input."""
        super().__init__(inplanes, planes, **kwargs)
        self.se_channels = inplanes

    def forward(self, x: Tensor) -> Tensor:
        """Run SE → F → + → ReLU."""
        return relu(self.branch(self.se(x)) + self.shortcut(x))


class Post(Standard):
    """SE-POST: the SE block comes last, after the sum and its ReLU."""

    def forward(self, x: Tensor) -> Tensor:
        """Run F → + → ReLU → SE."""
        out: Tensor = self.se(relu(self.branch(x) + self.shortcut(x)))
        return out


class Identity(Standard):
    """SE-Identity: the SE block is on the shortcut, in parallel with the residual branch."""

    def forward(self, x: Tensor) -> Tensor:
        """Run F → + → ReLU, where + adds SE(shortcut)."""
        return relu(self.branch(x) + self.se(self.shortcut(x)))


class Inner(Standard):
    """SE_3×3: the SE block is inside F, directly after the 3×3 convolution, on fewer channels.

    It follows that convolution's norm, as the standard SE block follows the last one's.
    """

    def __init__(self, inplanes: int, planes: int, **kwargs: Any) -> None:
        """Set the SE block's channels to those of the 3×3 convolution."""
        super().__init__(inplanes, planes, **kwargs)
        self.se_channels = self.bn2.num_features

    def inner(self, x: Tensor) -> Tensor:
        """Gate the output of the 3×3 convolution."""
        out: Tensor = self.se(x)
        return out

    def forward(self, x: Tensor) -> Tensor:
        """Run F, with SE inside, → + → ReLU."""
        return relu(self.branch(x) + self.shortcut(x))


INTEGRATIONS: dict[str, type[Standard]] = {
    "standard": Standard,
    "pre": Pre,
    "post": Post,
    "identity": Identity,
    "3x3": Inner,
}
