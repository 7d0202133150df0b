"""Pictures as spectra of decorrelated colours: what a picture is made of while it is optimised.

Olah, Mordvintsev and Schubert, “Feature Visualization” (Distill 2017): steepest descent on
independent frequencies and colours, weighed as in photographs, finds pictures and no noise. The
constants are those of their library Lucid (github.com/tensorflow/lucid), where nothing else is
said. MaCo (Fel et al., arXiv 2306.06805) fixes the magnitudes and changes the phases alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from seviz.records.aims import MACO

# The square root of the covariance of ImageNet's colours (Lucid's color_correlation_svd_sqrt).
COLOURS = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
DEVIATION = 0.01  # of the first, random spectrum
CONTRAST = 4  # the picture is divided by it before the sigmoid
# MaCo: the standard deviation of a photograph before the sigmoid, so that most of it lies within.
NATURAL = 1.0


@dataclass(frozen=True)
class Canvas:
    """Where pictures are drawn: a kind of KINDS, `channels` (3, or 1 for grey), H and W.

    It is larger than what a network sees, by the margin that random views need.
    """

    kind: str
    channels: int
    height: int
    width: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of one picture's parameters: complex numbers, of MaCo phases."""
        frequencies = (self.channels, self.height, self.width // 2 + 1)
        return frequencies if self.kind == MACO else (*frequencies, 2)

    def draw(self, seed: int) -> Tensor:
        """Draw the first parameters of a seed: a picture that is almost grey; MaCo's are phases."""
        generator = torch.Generator().manual_seed(seed)
        if self.kind == MACO:
            return torch.rand(self.shape, generator=generator) * (2 * torch.pi)
        return torch.randn(self.shape, generator=generator) * DEVIATION

    def pictures(self, parameters: Tensor) -> Tensor:
        """Turn parameters, N×`shape`, into pictures, N×channels×H×W, between 0 and 1."""
        scale = self._scale().to(parameters.device)
        if self.kind == MACO:
            spectrum = torch.polar(scale.expand_as(parameters), parameters)
        else:
            spectrum = torch.view_as_complex(parameters) * scale
        size = (self.height, self.width)
        values: Tensor = torch.fft.irfft2(spectrum, s=size, norm="ortho")
        if self.kind == MACO:
            values = values * (NATURAL / values.std((1, 2, 3), keepdim=True))
        else:
            values = values / CONTRAST
        if self.channels == len(COLOURS):
            colours = torch.tensor(COLOURS, device=values.device)
            colours = colours / colours.norm(dim=0).max()
            values = torch.einsum("oc,nchw->nohw", colours, values)
        pictures: Tensor = values.sigmoid()
        return pictures

    def _scale(self) -> Tensor:
        """Weigh frequencies as photographs do, by 1/f: H×(W/2 + 1)."""
        rows = torch.fft.fftfreq(self.height)[:, None]
        columns = torch.fft.rfftfreq(self.width)[None]
        lowest = 1 / max(self.height, self.width)
        scale: Tensor = 1 / (rows**2 + columns**2).sqrt().clamp(min=lowest)
        return scale
