"""One peer in a process of its own: waits for a word, makes a pass, tells the time.

Started by contest.py, never by hand. Standard input has a line for each pass;
standard output gets a JSON line for each, the first of which is the version.
"""

import importlib
import json
import os
import pathlib
import resource
import sys
import time

from common import SIZE
from material import paths_of


class Work:
    """What a peer is given: the files, and how many workers it may have."""

    def __init__(self, folder, workers, batch, jitter):
        self.paths = [pathlib.Path(p) for p in paths_of(folder)]
        self.workers, self.batch, self.jitter = workers, batch, jitter

    def files(self):
        """Return the bytes of all files; they are read once."""
        if not hasattr(self, "_files"):
            self._files = [path.read_bytes() for path in self.paths]
        return self._files

    def small(self):
        """Return the pictures as arrays of 224x224 RGB, cut around the middle."""
        import io

        import numpy as np
        from PIL import Image, ImageOps

        def cut(data):
            with Image.open(io.BytesIO(data)) as m:
                return np.asarray(ImageOps.fit(m.convert("RGB"), (SIZE, SIZE)))

        return [cut(data) for data in self.files()]


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def answer(value):
    os.write(ANSWERS, (json.dumps(value) + "\n").encode())


def main():
    spec = json.loads(sys.argv[1])
    if spec["cores"]:
        os.sched_setaffinity(0, spec["cores"])
    try:
        module = importlib.import_module(spec["module"])
        make = getattr(module, spec["function"])
        once = make(Work(spec["folder"], spec["workers"], spec["batch"], spec["jitter"]))
    except ImportError as err:
        answer({"skipped": f"cannot be imported: {err}"})
        return
    answer({"version": module.version()})
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), cpu_seconds()
        images = once()
        answer({"images": images, "seconds": time.perf_counter() - wall,
                "cpu_seconds": cpu_seconds() - cpu})


if __name__ == "__main__":
    # Libraries print to standard output as they please; answers go where it was.
    ANSWERS = os.dup(1)
    os.dup2(2, 1)
    main()
