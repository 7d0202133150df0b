"""What pyproject.toml can't say: assets lie beside the package, and inside it once installed."""

from setuptools import find_packages, setup

ASSETS = {"seviz.assets": "assets", "seviz.assets.lab": "assets/lab"}  # package: folder

setup(packages=[*find_packages(include=["seviz", "seviz.*"]), *ASSETS], package_dir=ASSETS)
