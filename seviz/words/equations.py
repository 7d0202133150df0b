r"""The article's equations, in LaTeX, by the names that `seviz.nets` gives to their variants.

Hu et al., arXiv 1709.01507: eq. 2 (squeeze), 3 (excitation) and 4 (scale); figure 5 and section 6.5
for where the block sits. F is the residual branch, x what comes into the residual block, y what
goes out, and δ the ReLU. The projection on a shortcut that changes shape is left out, as in the
article.
"""

SQUEEZES = {
    "avg": r"z_c = \frac{1}{H\,W} \sum_{i=1}^{H} \sum_{j=1}^{W} u_c(i, j)",
    "max": r"z_c = \max_{i,\,j}\; u_c(i, j)",
    "none": r"\mathbf{z}(i, j) = \mathbf{u}(i, j)",
}
FUNCTIONS = {"sigmoid": r"\sigma", "tanh": r"\tanh", "relu": r"\delta"}
INTEGRATIONS = {
    "standard": r"\mathbf{y} = \delta\big(\mathrm{SE}(F(\mathbf{x})) + \mathbf{x}\big)",
    "pre": r"\mathbf{y} = \delta\big(F(\mathrm{SE}(\mathbf{x})) + \mathbf{x}\big)",
    "post": r"\mathbf{y} = \mathrm{SE}\big(\delta(F(\mathbf{x}) + \mathbf{x})\big)",
    "identity": r"\mathbf{y} = \delta\big(F(\mathbf{x}) + \mathrm{SE}(\mathbf{x})\big)",
    "3x3": r"\mathbf{y} = \delta\big(F_{1\times1}(\delta(\mathrm{SE}(F_{3\times3}(F_{1\times1}"
    r"(\mathbf{x}))))) + \mathbf{x}\big)",
    "plain": r"\mathbf{y} = \delta\big(F(\mathbf{x}) + \mathbf{x}\big)",
}
WITHOUT_SHORTCUT = {
    "standard": r"\mathbf{y} = \mathrm{SE}(F_{tr}(\mathbf{x}))",
    "plain": r"\mathbf{y} = F_{tr}(\mathbf{x})",
}
PARAMETERS = r"\frac{2}{r} \sum_{s=1}^{S} N_s \cdot C_s^2"


def excitation(kind: str, squeeze: str = "avg") -> str:
    """Return eq. 3 with sigmoid, tanh or ReLU at its end; at each position without a squeeze."""
    at = "(i, j)" if squeeze == "none" else ""
    inner = rf"\mathbf{{W}}_2\, \delta(\mathbf{{W}}_1 \mathbf{{z}}{at})"
    return rf"\mathbf{{s}}{at} = {FUNCTIONS[kind]}\big({inner}\big)"


def scale(squeeze: str = "avg") -> str:
    """Return eq. 4: each channel times its gate; at each position its own without a squeeze."""
    if squeeze == "none":
        return r"\tilde{x}_c(i, j) = s_c(i, j)\, u_c(i, j)"
    return r"\tilde{\mathbf{x}}_c = s_c\, \mathbf{u}_c"


def shown(*equations: str) -> str:
    """Set equations on lines of their own, for Markdown with KaTeX."""
    return "\n\n".join(f"$$\n{equation}\n$$" for equation in equations)
