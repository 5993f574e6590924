"""Lets ``import torchvision`` survive beside a build of torch that its compiled operators do not fit.

A CPU build of torch with the registry's torchvision (built for CUDA) dies at import because the operator
``torchvision::nms`` has no schema. Declaring the missing schemas is enough for everything written in Python;
no compiled operator of torchvision is used in this project. Does nothing where the operators load.

``lmrrg`` and ``train`` call ``install`` when they are imported, so whatever imports transformers, peft, trl or
pytorch_grad_cam within them may do so in any order. Does not import torch before torchvision is asked for.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

# Kept alive for the life of the process: schemas vanish when their library is collected.
_declared: list[Any] = []


def install() -> None:
    """Have the missing schemas declared just before torchvision runs, whoever imports it. Once is enough."""
    if TorchvisionFinder not in sys.meta_path:
        sys.meta_path.insert(0, TorchvisionFinder)


class TorchvisionFinder:
    """Finds torchvision where Python does, and nothing else."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == "torchvision" else None
        if spec is not None and spec.loader is not None:
            folders, run = spec.submodule_search_locations or [], spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                _declare_missing_schemas(Path(next(iter(folders))))
                run(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _declare_missing_schemas(folder: Path) -> None:
    """Declare the schemas of torchvision's compiled operators if, and only if, they cannot be loaded."""
    import torch

    if _declared:
        return
    try:
        torch.ops.load_library(str(folder / "_C.so"))
    except (OSError, ImportError):
        library = torch.library.Library("torchvision", "DEF")
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _declared.append(library)
