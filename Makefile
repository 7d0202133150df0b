# make app   opens the app      make test   passes the tests      make bench   measures
# make shipped DATA=DIR   remakes what follows from the embedded weights
# make test-cuda   passes those that need a GPU, with the Python that is here: they need no Gradio
# make mutants   tells which changes of the code no test would notice
# make gpu DATA=DIR   does all that needs a GPU in less than ten minutes (assets/gpu.md)

PYTHON ?= python3
PYTHON_CUDA ?= $(firstword $(wildcard .venv/bin/python) $(PYTHON))
DATA ?=

.PHONY: app test test-cuda lint mutants bench shipped gpu gpu-wheels

app: .venv/app
	.venv/bin/python app.py --open

test: lint
	.venv/bin/python tests/support/chromium.py
	.venv/bin/python -m pytest -n 2 --dist loadfile

lint: .venv/test
	find seviz/ui -name "*.pyi" -delete # Gradio writes these beside its components; mypy would read them
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

test-cuda:
	$(PYTHON_CUDA) -m pytest tests/cuda --require-gpu

mutants: .venv/test # such as make mutants MUTANTS="--count 100 --seed 1 --json mutants.json"
	.venv/bin/python tests/support/mutants.py $(MUTANTS)

bench: .venv/bench
	.venv/bin/python -m seviz bench

shipped: .venv/app # such as make shipped DATA=DIR REMAKE="--only card"
	@test -n "$(DATA)" || { echo "Name the folder of train*.zip, val.zip and boxes.tsv: make shipped DATA=DIR"; exit 2; }
	.venv/bin/python -m seviz remake --data "$(DATA)" $(REMAKE)

gpu: # with the Python that is here, such as make gpu DATA=DIR GPU="--parts train --minutes 6"
	$(firstword $(wildcard .venv/bin/python) $(PYTHON)) -m seviz.gpu $(if $(DATA),--data "$(DATA)") $(GPU)

gpu-wheels: .venv/app # what a machine with PyTorch, timm and SciPy still lacks
	.venv/bin/python -m pip download --quiet --no-deps --only-binary=:all: \
		--python-version 3.12 --implementation cp \
		--platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 -d .whl \
		captum==$$(.venv/bin/python -c 'from importlib.metadata import version; print(version("captum"))')

.venv/app: requirements.txt
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet -r requirements.txt
	touch $@

.venv/test: requirements-test.txt .venv/app
	.venv/bin/python -m pip install --quiet -r requirements-test.txt
	touch $@

.venv/bench: requirements-bench.txt .venv/app # a peer to be measured against
	.venv/bin/python -m pip install --quiet -r requirements-bench.txt
	touch $@
