import numpy as np
import torch

from seviz.passes.capture import capture
from seviz.passes.forward import retrace
from seviz.records.arms import INTACT
from seviz.zoo.models import load


def test_a_batch_has_what_each_image_alone_has():
    loaded = load("embedded")
    x = torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    captured = capture(loaded, x)
    for i, image in enumerate(x):
        alone = retrace(loaded, image.numpy(), [INTACT])
        np.testing.assert_allclose(captured.logits[i], alone.logits[0], atol=2e-4)
        for name in alone.s:
            np.testing.assert_allclose(captured.z[name][i], alone.z[name][0], atol=1e-4)
            np.testing.assert_allclose(captured.s[name][i], alone.s[name][0], atol=1e-5)


def test_gates_are_what_a_hook_of_ones_own_sees():
    loaded = load("embedded")
    x = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    site, seen = loaded.probe.sites[0], []
    gate = loaded.model.get_submodule(site.path).gate
    hook = gate.register_forward_hook(lambda _, __, out: seen.append(out.detach().clone()))
    try:
        captured = capture(loaded, x)
    finally:
        hook.remove()
    np.testing.assert_array_equal(captured.s[site.name], seen[0].reshape(2, -1).numpy())
