"""Colours as people see them: contrast, difference, and with a colour vision deficiency."""

import re

import numpy as np
import numpy.typing as npt
from skimage.color import deltaE_ciede2000, rgb2lab

Floats = npt.NDArray[np.float64]
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SIGHTS = ("", *DEFICIENCIES)


def rgb(colour: str) -> Floats:
    """Return the three shares, 0 to 1, of #rrggbb or rgb(r, g, b)."""
    if colour.startswith("#"):
        return np.array([*bytes.fromhex(colour[1:])]) / 255
    return np.array([float(part) for part in re.findall(r"[\d.]+", colour)[:3]]) / 255


def linear(shares: Floats) -> Floats:
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> Floats:
    """Return a colour's Lab values for a sight: "" for none of the deficiencies, or one's name."""
    shares = rgb(colour)
    if sight:
        mixed = np.clip(np.array(DEFICIENCIES[sight]) @ linear(shares), 0, 1)
        shares = np.where(mixed <= 0.0031308, 12.92 * mixed, 1.055 * mixed ** (1 / 2.4) - 0.055)
    return rgb2lab(shares)


def difference(one: str, other: str, sight: str = "") -> float:
    """Return the CIEDE2000 difference of two colours for a sight."""
    return float(deltaE_ciede2000(seen(one, sight), seen(other, sight)))


def luminance(shares: Floats) -> Floats:
    """Return the relative luminance, 0 to 1, of colours as shares, … × 3."""
    return linear(shares) @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast of two colours, 1 to 21."""
    dark, bright = sorted(float(luminance(rgb(colour))) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Return CSS's color-mix in srgb of a colour with a share of another."""
    parts = (1 - share) * rgb(colour) + share * rgb(other)
    return "#" + bytes((255 * parts).round().astype(int).tolist()).hex()
