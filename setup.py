"""What pyproject.toml can't say: assets lie beside the package, and inside it once installed."""

from setuptools import find_packages, setup

ASSETS = {  # package: folder
    "seviz.assets": "assets",
    "seviz.assets.lab": "assets/lab",
    "seviz.assets.pictures": "assets/pictures",
}

setup(packages=[*find_packages(include=["seviz", "seviz.*"]), *ASSETS], package_dir=ASSETS)
