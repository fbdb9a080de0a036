"""TensorFlow: tf.image.decode_and_crop_jpeg in a tf.data pipeline."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import tensorflow as tf  # noqa: E402

from common import AREA, JITTER, MEAN, RATIO, SIZE, STD  # noqa: E402


def version():
    return f"TensorFlow {tf.__version__}"


def _threads(n):
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(n)


def _window(data):
    """Draw a crop as RandomResizedCrop does; return y, x, height, width."""
    shape = tf.image.extract_jpeg_shape(data)
    begin, size, _ = tf.image.sample_distorted_bounding_box(
        shape, bounding_boxes=tf.constant([[[0.0, 0.0, 1.0, 1.0]]]), area_range=AREA,
        aspect_ratio_range=RATIO, max_attempts=10, use_image_if_no_bounding_boxes=True)
    return shape, tf.stack([begin[0], begin[1], size[0], size[1]])


def _crop(data):
    _, window = _window(data)
    return tf.image.decode_and_crop_jpeg(data, window, channels=3)


def _crop_scaled(data):
    """Decode the crop at the largest scale that still covers the output."""
    _, window = _window(data)
    side = tf.minimum(window[2], window[3])

    def at(ratio):
        return lambda: tf.image.decode_and_crop_jpeg(
            data, tf.stack([window[0] // ratio, window[1] // ratio,
                            window[2] // ratio, window[3] // ratio]), channels=3, ratio=ratio)

    index = tf.reduce_sum(tf.cast([side >= 2 * SIZE, side >= 4 * SIZE, side >= 8 * SIZE], tf.int32))
    return tf.switch_case(index, [at(1), at(2), at(4), at(8)])


def _colour(m):
    b, c, s, h = JITTER
    m = tf.image.random_brightness(m, b)
    m = tf.image.random_contrast(m, 1 - c, 1 + c)
    m = tf.image.random_saturation(m, 1 - s, 1 + s)
    return tf.clip_by_value(tf.image.random_hue(m, h), 0.0, 1.0)


def _finish(m, jitter):
    m = tf.image.resize(m, [SIZE, SIZE]) / 255.0
    m = tf.image.random_flip_left_right(m)
    if jitter:
        m = _colour(m)
    return (m - tf.constant(MEAN)) / tf.constant(STD)


def _run(dataset, threads, batch):
    options = tf.data.Options()
    options.threading.private_threadpool_size = threads
    options.threading.max_intra_op_parallelism = 1
    dataset = dataset.batch(batch).prefetch(2).with_options(options)
    return lambda: sum(int(m.shape[0]) for m in dataset)


def _in_memory(work, crop, jitter):
    _threads(1)
    data = tf.data.Dataset.from_tensor_slices(work.files())
    return _run(data.map(lambda d: _finish(crop(d), jitter), num_parallel_calls=1), 1, work.batch)


def decode(work):
    _threads(1)
    data = tf.data.Dataset.from_tensor_slices(work.files())
    whole = data.map(lambda d: tf.io.decode_jpeg(d, channels=3, dct_method="INTEGER_ACCURATE"),
                     num_parallel_calls=1)
    options = tf.data.Options()
    options.threading.private_threadpool_size = 1
    return lambda: sum(1 for _ in whole.with_options(options))


def plain(work):
    return _in_memory(work, _crop, False)


def jitter(work):
    return _in_memory(work, _crop, True)


def large(work):
    return _in_memory(work, _crop_scaled, False)


def large_unscaled(work):
    return _in_memory(work, _crop, False)


def loader(work):
    _threads(work.workers)
    names = tf.data.Dataset.from_tensor_slices([str(p) for p in work.paths])
    names = names.shuffle(len(work.paths), reshuffle_each_iteration=True)
    made = names.map(lambda name: _finish(_crop(tf.io.read_file(name)), work.jitter),
                     num_parallel_calls=work.workers)
    return _run(made, work.workers, work.batch)
