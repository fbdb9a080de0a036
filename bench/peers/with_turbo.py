"""libjpeg-turbo 3 by way of simplejpeg: the whole picture to RGB, nothing else."""

import simplejpeg

from common import each


def version():
    return f"simplejpeg {simplejpeg.__version__} (libjpeg-turbo 3)"


def decode(work):
    return each(work.files(), simplejpeg.decode_jpeg)


def decode_fast(work):
    """The same with the quicker inverse transform and upsampling without a filter."""
    return each(work.files(), lambda data: simplejpeg.decode_jpeg(
        data, fastdct=True, fastupsample=True))
