"""OpenCV, and albumentations on top of it."""

import cv2
import numpy as np

from common import BLUR, HALF, JITTER, MEAN, SIZE, STD, each

cv2.setNumThreads(1)


def version():
    try:
        import albumentations
        return f"albumentations {albumentations.__version__}, OpenCV {cv2.__version__}"
    except ImportError:
        return f"OpenCV {cv2.__version__}"


def read(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)


def decode(work):
    return each(work.files(), read)


def blur(work):
    """cv2.GaussianBlur with a kernel of 9 and a sigma drawn from torchvision's range."""
    rng = np.random.default_rng(1)
    return each(work.small(), lambda m: cv2.GaussianBlur(m, (BLUR, BLUR), rng.uniform(0.1, 2.0)))


def _pipeline(jitter):
    import albumentations as A

    steps = [A.RandomResizedCrop((SIZE, SIZE)), A.HorizontalFlip(p=HALF)]
    if jitter:
        b, c, s, h = JITTER
        steps.append(A.ColorJitter(brightness=(1 - b, 1 + b), contrast=(1 - c, 1 + c),
                                   saturation=(1 - s, 1 + s), hue=(-h, h), p=1))
    return A.Compose([*steps, A.Normalize(MEAN, STD)])


def _through(pipeline, work):
    return each(work.files(), lambda data: pipeline(image=read(data)))


def plain(work):
    return _through(_pipeline(False), work)


def jitter(work):
    return _through(_pipeline(True), work)


large = plain


def album_blur(work):
    import albumentations as A

    step = A.GaussianBlur(blur_limit=(BLUR, BLUR), sigma_limit=(0.1, 2.0), p=1)
    return each(work.small(), lambda m: step(image=m))


def loader(work):
    from with_torch import feed

    pipeline = _pipeline(work.jitter)

    def load(path):
        with open(path, "rb") as f:
            return pipeline(image=read(f.read()))["image"]

    return feed(work, load)
