"""What a figure was measured on, as a sentence: processor, cores, and how busy the machine was meanwhile."""

import os
import platform
from pathlib import Path


def describe_machine() -> str:
    """Cores, processor and the load of the last minute: above the number of cores, figures are of a crowded machine."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        models = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        processor = models[0].partition(":")[2].strip() if models else processor
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0]
    crowded = " (crowded: other work took most of it)" if load > cores + 1 else ""
    return f"{cores} cores of {processor}, load {load:.1f} at the end{crowded}."
