"""The direction of a small step of all pixels that makes a network's answer less probable.

FGSM, the fast gradient sign method (Goodfellow et al. 2015, arXiv 1412.6572): each pixel moves by
ε along the sign of the gradient of the loss of the network's own answer.
"""

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch.nn.functional import cross_entropy, logsigmoid

from seviz.errors import UserError
from seviz.passes.derivatives import derivatives
from seviz.passes.logits import logits_of
from seviz.records.numbers import SOFTMAX
from seviz.records.trace import NO_HEAD
from seviz.zoo.models import LoadedModel

Signs = npt.NDArray[np.int8]


def attack_signs(loaded: LoadedModel, photo: Image.Image) -> Signs:
    """Return the signs of FGSM's step at a photograph, H×W×3 of the crop that the network sees.

    The loss is that of the intact network's first answer. UserError where it has no head.
    """
    if not loaded.labels:
        raise UserError(NO_HEAD)
    with torch.inference_mode(mode=False), torch.enable_grad():
        x = loaded.prepare(photo).clone().requires_grad_()
        logits = logits_of(loaded.model, x, loaded.title)
        answer = logits.argmax(1)
        if loaded.head == SOFTMAX:
            loss = cross_entropy(logits, answer)
        else:
            loss = -logsigmoid(logits[0, answer]).sum()
        (gradient,) = derivatives(loss, [x], loaded.title)
    signs = gradient[0].sign().to(torch.int8).cpu().numpy()  # the norm's deviations are positive
    rows: Signs = np.ascontiguousarray(signs.transpose(1, 2, 0))
    return rows if rows.shape[2] == 3 else rows.repeat(3, axis=2)
