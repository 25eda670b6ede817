"""Timing and output that the scripts of this folder share: JSON lines that `dgrad bench report` reads."""
import json
import os
import platform
import statistics
import sys
import time

import torch


def time_in_milliseconds(run, seconds):
    """Quartiles of a run's duration: blocks of runs, at least five of them, within about `seconds`."""
    fastest = float("inf")
    start = time.perf_counter()
    runs = 0
    while runs < 2 or time.perf_counter() - start < seconds / 4:
        before = time.perf_counter()
        run()
        fastest = min(fastest, time.perf_counter() - before)
        runs += 1
    repetitions = max(1, int(seconds * 0.75 / 15 / fastest))
    blocks = []
    start = time.perf_counter()
    while len(blocks) < 5 or time.perf_counter() - start < seconds * 0.75:
        before = time.perf_counter()
        for _ in range(repetitions):
            run()
        blocks.append((time.perf_counter() - before) / repetitions * 1e3)
    low, median, high = statistics.quantiles(blocks, n=4, method="inclusive")
    return {"low": low, "median": median, "high": high}


def line(name, rows):
    """One result as one JSON line."""
    return json.dumps({
        "benchmark": "peer",
        "name": name,
        "rows": rows,
        "machine": {
            "processor": processor(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "system": f"{system()}, {platform.machine()}",
            "runtime": f"Python {platform.python_version()}",
        },
        "threads": torch.get_num_threads(),
        "version": f"PyTorch {torch.__version__}, {blas()}",
    }, ensure_ascii=False)


def progress(text):
    print(text, file=sys.stderr, flush=True)


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(text.split(":", 1)[1].strip() for text in file if text.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unnamed processor"


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, AttributeError, KeyError):
        return f"{platform.system()} {platform.release()}"


def blas():
    """The matrix library that is loaded: with the reference BLAS a comparison means nothing."""
    settings = torch.__config__.show()
    if "mkl" in settings.lower() and "USE_MKL=ON" in settings:
        return "MKL"
    try:
        with open("/proc/self/maps", encoding="utf-8") as file:
            loaded = file.read().lower()
    except OSError:
        return "unknown BLAS"
    return "OpenBLAS" if "openblas" in loaded else "reference BLAS" if "libblas" in loaded else "built-in BLAS"
