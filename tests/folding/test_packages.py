import pytest

from seviz.errors import UserError
from seviz.folding import packages


def test_missing_packages_are_named_with_the_extra_that_has_them(monkeypatch):
    there = {"onnx", "onnxscript"}
    monkeypatch.setattr(packages, "find_spec", lambda name: object() if name in there else None)
    with pytest.raises(UserError, match=r"ONNX needs onnxruntime, which is not .*seviz\[onnx\]"):
        packages.check_onnx()
    there.clear()
    with pytest.raises(UserError, match="onnx, onnxscript and onnxruntime, which are not"):
        packages.check_onnx()
    there |= set(packages.NEEDED)
    packages.check_onnx()
