"""NVIDIA DALI's CPU pipeline: decoders.image_random_crop, resize, normalise."""

import nvidia.dali as dali
import nvidia.dali.fn as fn
import nvidia.dali.types as types
from nvidia.dali import pipeline_def

from common import AREA, HALF, JITTER, MEAN, RATIO, SIZE, STD


def version():
    return f"DALI {dali.__version__}"


def _twist(m):
    b, c, s, h = JITTER
    return fn.color_twist(
        m, brightness=fn.random.uniform(range=[1 - b, 1 + b]),
        contrast=fn.random.uniform(range=[1 - c, 1 + c]),
        saturation=fn.random.uniform(range=[1 - s, 1 + s]),
        hue=fn.random.uniform(range=[-h * 360, h * 360]))


@pipeline_def
def _pipeline(paths, labels, jitter):
    data, label = fn.readers.file(files=paths, labels=labels, random_shuffle=True, name="files")
    m = fn.decoders.image_random_crop(data, device="cpu", output_type=types.RGB,
                                      random_area=AREA, random_aspect_ratio=RATIO)
    m = fn.resize(m, size=[SIZE, SIZE])
    if jitter:
        m = _twist(m)
    m = fn.crop_mirror_normalize(
        m, mirror=fn.random.coin_flip(probability=HALF), dtype=types.FLOAT,
        output_layout="CHW", mean=[255 * v for v in MEAN], std=[255 * v for v in STD])
    return m, label


def _pass(work, threads, jitter, ahead):
    """Return a pass over all batches, made ahead of the consumer or only when asked for."""
    paths = [str(path) for path in work.paths]
    batch = min(work.batch, len(paths))
    pipe = _pipeline(paths, [0] * len(paths), jitter, batch_size=batch, num_threads=threads,
                     device_id=None, seed=1, exec_async=ahead, exec_pipelined=ahead)
    pipe.build()

    def run():
        batches = max(1, len(paths) // batch)
        for _ in range(batches):
            pipe.run()
        return batches * batch

    return run


def plain(work):
    return _pass(work, 1, False, ahead=False)


def jitter(work):
    return _pass(work, 1, True, ahead=False)


large = plain


def loader(work):
    return _pass(work, work.workers, work.jitter, ahead=True)
