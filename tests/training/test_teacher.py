from pathlib import Path

import torch
from networks import awake
from safetensors.torch import save_file

from seviz.training.decoded import Decoded
from seviz.training.recipe import Recipe
from seviz.training.teacher import teacher_answers


def test_the_answers_are_those_of_the_weights_to_images_as_they_are(tmp_path: Path):
    model = awake("resnet50_slim", num_classes=3)
    save_file(model.state_dict(), tmp_path / "start.safetensors")
    draw = torch.Generator().manual_seed(0)
    size = (300, 3, 64, 64)  # more than one pass
    pixels = torch.randint(0, 256, size, dtype=torch.uint8, generator=draw)
    images = Decoded(pixels, torch.zeros(300, dtype=torch.long))
    found = teacher_answers(
        Recipe("resnet50_slim"), tmp_path / "start.safetensors", images, classes=3
    )
    [(whole, _)] = images.whole_batches(300)
    with torch.inference_mode():
        expected = model(whole).softmax(1)
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
