"""Lets ``import torchvision`` survive beside a build of torch that its compiled operators do not fit.

A CPU build of torch with the registry's torchvision (built for CUDA) dies at import because the operator
``torchvision::nms`` has no schema. Declaring the missing schemas is enough for everything written in Python;
no compiled operator of torchvision is used in this project. Does nothing where the operators load.
Must run before transformers, peft, trl or pytorch_grad_cam are imported: ``lmrrg.model`` and ``train`` do so
first of all.
"""

import importlib.util
from pathlib import Path

import torch

# Kept alive for the life of the process: schemas vanish when their library is collected.
_declared: torch.library.Library | None = None


def declare_missing_schemas() -> None:
    """Declare the schemas of torchvision's compiled operators if, and only if, they cannot be loaded."""
    global _declared
    spec = importlib.util.find_spec("torchvision")
    if _declared is not None or spec is None or not spec.submodule_search_locations:
        return
    compiled = Path(next(iter(spec.submodule_search_locations))) / "_C.so"
    try:
        torch.ops.load_library(str(compiled))
    except (OSError, ImportError):
        _declared = torch.library.Library("torchvision", "DEF")
        _declared.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _declared.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
