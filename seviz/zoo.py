"""Networks ready to be asked: weights, preprocessing and labels by timm, a probe on each gate."""

import errno
import logging
import threading
import urllib.error
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import huggingface_hub
import numpy as np
import numpy.typing as npt
import timm
import torch
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError
from PIL import Image
from safetensors import SafetensorError
from timm.data import (
    ImageNetInfo,
    create_transform,
    infer_imagenet_subset,
    resolve_model_data_config,
)
from timm.models import set_pretrained_check_hash, set_pretrained_download_progress
from torch import Tensor, nn

from seviz import catalogue
from seviz.embedded import ARCHITECTURE, ASSETS
from seviz.errors import UserError
from seviz.probe import Probe

KEPT = 3  # networks held in memory; the least recently used goes first
REACH_SECONDS = 5.0

set_pretrained_check_hash(True)  # release files state the start of their sha256 in their name
set_pretrained_download_progress(True)
# A GPU's convolutions would keep ten bits of float32 (TF32): people read these numbers.
torch.backends.cudnn.allow_tf32 = False


@dataclass(frozen=True)
class LoadedModel:
    """A network that can be asked. It is frozen, in eval mode, and shared by all who ask."""

    key: str
    title: str
    model: nn.Module
    probe: Probe
    labels: tuple[str, ...]
    transform: Callable[[Image.Image], Tensor]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    device: torch.device

    def prepare(self, photo: Image.Image) -> Tensor:
        """Turn an RGB photograph into the network's input, 1×3×H×W on its device."""
        batch = self.transform(photo).unsqueeze(0)
        return batch.to(self.device, memory_format=torch.channels_last)

    def visible(self, image: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
        """Undo the normalisation of a 3×H×W input: the crop as H×W×3 bytes."""
        pixels = image.transpose(1, 2, 0) * np.array(self.std) + np.array(self.mean)
        crop: npt.NDArray[np.uint8] = (pixels * 255).round().clip(0, 255).astype(np.uint8)
        return crop


class Zoo:
    """Loads networks by key and keeps the last few; one load at a time for each network."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep at most `kept` networks in memory."""
        self._kept = kept
        self._models: OrderedDict[str, LoadedModel] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()  # guards the two above; never held over a load

    def get(self, key: str) -> LoadedModel:
        """Return a network, loading it on first use; UserError where its weights can't be had."""
        key = catalogue.find(key)
        with self._lock:
            loading = self._locks.setdefault(key, threading.Lock())
        with loading:
            with self._lock:
                if key in self._models:
                    self._models.move_to_end(key)
                    return self._models[key]
            loaded = load(key)
            with self._lock:
                self._models[key] = loaded
                while len(self._models) > self._kept:
                    self._models.popitem(last=False)
            return loaded


def load(key: str) -> LoadedModel:
    """Load a network of the catalogue, on CUDA where there is a GPU."""
    title = catalogue.title(key)
    try:
        model = timm.create_model(
            catalogue.timm_name(key), pretrained=True, pretrained_cfg_overlay=_weights(key)
        )
        return prepare(key, title, model)
    except UserError:
        raise
    except Exception as error:  # timm, torch and the Hub raise what they like for broken files
        logging.getLogger(__name__).debug("loading %s", key, exc_info=error)
        raise UserError(f"The weights of {title} can't be used: {_reason(key, error)}.") from error


def prepare(key: str, title: str, model: nn.Module) -> LoadedModel:
    """Freeze a timm network, put it on the device and fit it with a probe."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.eval().requires_grad_(False).to(device).to(memory_format=torch.channels_last)
    config: dict[str, Any] = resolve_model_data_config(model)
    return LoadedModel(
        key=key,
        title=title,
        model=model,
        probe=Probe(model),
        labels=labels(model),
        transform=create_transform(**config),
        mean=config["mean"],
        std=config["std"],
        device=device,
    )


def labels(model: nn.Module) -> tuple[str, ...]:
    """Name the classes of a network, each name once.

    The embedded network's are in assets/, ImageNet's come from timm; classes that nobody named
    are called by their index.
    """
    if getattr(model, "pretrained_cfg", {}).get("architecture") == ARCHITECTURE:
        rows = (ASSETS / f"{ARCHITECTURE}.classes.tsv").read_text("utf-8").splitlines()
        return tuple(row.split("\t")[1] for row in rows)
    subset = infer_imagenet_subset(model)
    if subset is None:
        count: int = model.num_classes  # type: ignore[assignment]
        return tuple(f"class {i}" for i in range(count))
    info = ImageNetInfo(subset)
    full = info.label_descriptions()
    short = [name.split(", ")[0] for name in full]
    uses, full_uses = Counter(short), Counter(full)
    return tuple(
        s if uses[s] == 1 else f if full_uses[f] == 1 else f"{f} ({wnid})"
        for s, f, wnid in zip(short, full, info.label_names(), strict=True)
    )


def _weights(key: str) -> dict[str, str] | None:
    """Fetch a Hub network's weights, as timm's overlay; None where timm finds them itself.

    timm would try four names and the Hub's client five times each before it gave up.
    """
    kind, origin = catalogue.source(key)
    if kind != "hub":
        return None
    if not (file := catalogue.local_file(key)):
        if not huggingface_hub.constants.HF_HUB_OFFLINE:
            _reach_hub()
        file = Path(huggingface_hub.hf_hub_download(origin, catalogue.HUB_FILE))
    return {"file": str(file)}


def _reach_hub() -> None:
    """Find out in seconds, not in retries, that the Hub can't be reached."""
    try:
        get_session().head(huggingface_hub.constants.ENDPOINT, timeout=REACH_SECONDS)
    except Exception as error:  # whichever HTTP library the Hub's client uses
        raise ConnectionError("the Hub can't be reached") from error


def _reason(key: str, error: Exception) -> str:
    """Say in a clause why weights could not be had, and what would help."""
    if isinstance(error, HfHubHTTPError | urllib.error.HTTPError):
        return "the server that keeps them refused to send them; try again later"
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return "the memory does not suffice for them; choose a smaller network"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; make room and try again"
    if isinstance(error, PermissionError):
        return f"{error.filename} can't be opened; check its rights"
    unreachable = (ConnectionError, TimeoutError, urllib.error.URLError, FileNotFoundError)
    if isinstance(error, unreachable):
        return (
            "they are not on this machine and their server can't be reached; "
            "connect to the network, or choose the embedded network"
        )
    file = catalogue.local_file(key)
    if file and isinstance(error, SafetensorError | UnpicklingError | EOFError | RuntimeError):
        return f"the file {file.name} is damaged or belongs to another network; delete it and retry"
    return f"the download failed ({type(error).__name__}); try again"
