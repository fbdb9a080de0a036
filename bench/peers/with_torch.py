"""torchvision: v1 transforms on PIL images and v2 transforms on tensors."""

import io

import torch
import torchvision
from PIL import Image
from torchvision import transforms as v1
from torchvision.io import ImageReadMode, decode_image, decode_jpeg
from torchvision.transforms import v2

from common import BLUR, JITTER, MEAN, SIZE, STD, each

torch.set_num_threads(1)


def version():
    import PIL
    return f"torchvision {torchvision.__version__.split('+')[0]}, Pillow {PIL.__version__}"


def read_pil(data):
    with Image.open(io.BytesIO(data)) as m:
        return m.convert("RGB")


def read_tensor(data):
    return decode_jpeg(torch.frombuffer(bytearray(data), dtype=torch.uint8), ImageReadMode.RGB)


def decode_pil(work):
    return each(work.files(), read_pil)


def decode_tensor(work):
    return each(work.files(), read_tensor)


def decode_png(work):
    def read(data):
        return decode_image(torch.frombuffer(bytearray(data), dtype=torch.uint8), ImageReadMode.RGB)

    return each(work.files(), read)


def _v1(jitter):
    colour = [v1.ColorJitter(*JITTER)] if jitter else []
    return v1.Compose([v1.RandomResizedCrop(SIZE), v1.RandomHorizontalFlip(), *colour,
                       v1.ToTensor(), v1.Normalize(MEAN, STD)])


def _v2(jitter):
    colour = [v2.ColorJitter(*JITTER)] if jitter else []
    return v2.Compose([v2.RandomResizedCrop(SIZE, antialias=True), v2.RandomHorizontalFlip(),
                       *colour, v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)])


def _through(read, pipeline, work):
    return each(work.files(), lambda data: pipeline(read(data)))


def v1_plain(work):
    return _through(read_pil, _v1(False), work)


def v1_jitter(work):
    return _through(read_pil, _v1(True), work)


def v2_plain(work):
    return _through(read_tensor, _v2(False), work)


def v2_jitter(work):
    return _through(read_tensor, _v2(True), work)


def _on_small(step, work, convert):
    return each([convert(m) for m in work.small()], step)


def _tensor(m):
    return torch.from_numpy(m).permute(2, 0, 1).contiguous()


def v1_blur(work):
    return _on_small(v1.GaussianBlur(BLUR), work, Image.fromarray)


def v2_blur(work):
    return _on_small(v2.GaussianBlur(BLUR), work, _tensor)


def v1_randaugment(work):
    return _on_small(v1.RandAugment(), work, Image.fromarray)


def v2_randaugment(work):
    return _on_small(v2.RandAugment(), work, _tensor)


class Folder(torch.utils.data.Dataset):
    """Files with the index of their folder, each through load(path)."""

    def __init__(self, paths, load):
        classes = sorted({path.parent.name for path in paths})
        self.items = [(path, classes.index(path.parent.name)) for path in paths]
        self.load = load

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        path, label = self.items[i]
        return self.load(path), label


def feed(work, load):
    """Return a pass over a DataLoader whose workers live from pass to pass."""
    batches = torch.utils.data.DataLoader(
        Folder(work.paths, load), batch_size=work.batch, shuffle=True,
        num_workers=work.workers, persistent_workers=True)
    return lambda: sum(len(labels) for _, labels in batches)


def v1_loader(work):
    pipeline = _v1(work.jitter)
    return feed(work, lambda path: pipeline(read_pil(path.read_bytes())))


def v2_loader(work):
    pipeline = _v2(work.jitter)
    return feed(work, lambda path: pipeline(read_tensor(path.read_bytes())))
