"""The article's equations in LaTeX, where several words of `seviz.words.se` make one equation.

Hu et al., arXiv 1709.01507: eq. 3 (excitation), eq. 4 (scale), and the residual block round SE.
"""

from seviz.nets.variants import PLAIN
from seviz.words.se import EXCITATIONS, INTEGRATIONS, NO_SHORTCUT

PLAIN_RESIDUAL = r"\mathbf{y} = \delta\big(F(\mathbf{x}) + \mathbf{x}\big)"
PLAIN_LAYERS = r"\mathbf{y} = F_{tr}(\mathbf{x})"
PARAMETERS = r"\frac{2}{r} \sum_{s=1}^{S} N_s \cdot C_s^2"


def excitation(kind: str, squeeze: str = "avg") -> str:
    """Return eq. 3 with sigmoid, tanh or ReLU at its end; at each position without a squeeze."""
    at = "(i, j)" if squeeze == "none" else ""
    inner = rf"\mathbf{{W}}_2\, \delta(\mathbf{{W}}_1 \mathbf{{z}}{at})"
    return rf"\mathbf{{s}}{at} = {EXCITATIONS[kind].latex}\big({inner}\big)"


def scale(squeeze: str = "avg") -> str:
    """Return eq. 4: each channel times its gate; at each position its own without a squeeze."""
    if squeeze == "none":
        return r"\tilde{x}_c(i, j) = s_c(i, j)\, u_c(i, j)"
    return r"\tilde{\mathbf{x}}_c = s_c\, \mathbf{u}_c"


def whole_block(integration: str, *, shortcut: bool) -> str:
    """Return the equation of a block with SE at a place, or without SE (plain)."""
    if integration == PLAIN:
        return PLAIN_RESIDUAL if shortcut else PLAIN_LAYERS
    return INTEGRATIONS[integration].equation if shortcut else NO_SHORTCUT


def display_math(*equations: str) -> str:
    """Set equations on lines of their own, for Markdown with KaTeX."""
    return "\n\n".join(f"$$\n{equation}\n$$" for equation in equations)
