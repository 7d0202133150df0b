"""Where the SE block sits in a residual block: the article's figure 5 and section 6.5, as code.

F is the residual branch (timm's bottleneck: 1×1, 3×3 and 1×1 convolutions with their norms), and
“shortcut” the way round it, which is a projection where the shape changes.
"""

from typing import Any

from timm.models.resnet import Bottleneck
from torch import Tensor, nn
from torch.nn.functional import relu


class Standard(Bottleneck):  # type: ignore[misc]  # timm is untyped
    """The article's own place: the end of the residual branch, before the sum.

    A block whose `se` is `nn.Identity()` is the plain residual block; `gated` puts an SE block
    there for as many channels as `se_channels` says.
    """

    def __init__(self, inplanes: int, planes: int, **kwargs: Any) -> None:
        """Take timm's arguments: C = 4·planes channels go out."""
        super().__init__(inplanes, planes, **kwargs)
        self.se: nn.Module = nn.Identity()
        self.se_channels: int = self.bn3.num_features

    def branch(self, x: Tensor) -> Tensor:
        """F, N×inplanes×H×W to N×C×H'×W'."""
        x = self.act1(self.bn1(self.conv1(x)))
        x = self.act2(self.inner(self.bn2(self.conv2(x))))
        out: Tensor = self.bn3(self.conv3(x))
        return out

    def inner(self, x: Tensor) -> Tensor:
        """Do nothing between the 3×3 convolution with its norm and its ReLU."""
        return x

    def shortcut(self, x: Tensor) -> Tensor:
        """x itself, or projected to the shape of F(x)."""
        return x if self.downsample is None else self.downsample(x)

    def forward(self, x: Tensor) -> Tensor:
        """Run F → SE → + → ReLU."""
        return relu(self.se(self.branch(x)) + self.shortcut(x))


class Pre(Standard):
    """SE-PRE: the SE block comes before the residual branch, and the shortcut goes round both."""

    def __init__(self, inplanes: int, planes: int, **kwargs: Any) -> None:
        """The gates are those of the channels that come in."""
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

    As the standard block follows the last convolution's norm, so this one follows the 3×3's.
    """

    def __init__(self, inplanes: int, planes: int, **kwargs: Any) -> None:
        """The gates are those of the 3×3 convolution's channels: planes of them."""
        super().__init__(inplanes, planes, **kwargs)
        self.se_channels = self.bn2.num_features

    def inner(self, x: Tensor) -> Tensor:
        """Gate what the 3×3 convolution found."""
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
