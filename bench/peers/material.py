"""The pictures that all peers are given: the same files, chosen by one rule.

A folder of pictures flows in; a folder with a bounded number of copies of them
in class folders, or large pictures made of them, flows out.
"""

import io
import pathlib
import shutil

SUFFIXES = {".jpg", ".jpeg", ".png"}


def paths_of(folder):
    """Return the JPEG and PNG files below a folder, in order of their names."""
    found = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix.lower() in SUFFIXES)
    if not found:
        raise SystemExit(f"{folder} has no pictures: name a folder of pictures with --from")
    return found


def spread(items, count):
    """Return count of the items, evenly spread, or all where there are no more."""
    if not count or count >= len(items):
        return items
    return [items[i * len(items) // count] for i in range(count)]


def copy_some(source, target, count):
    """Copy count pictures of source into class folders below target."""
    target = pathlib.Path(target)
    for i, path in enumerate(spread(paths_of(source), count)):
        folder = target / path.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / f"{i:06d}.jpg")
    return target


def write_again(source, target, count, suffix, **options):
    """Write count pictures of source as files of another kind."""
    from PIL import Image

    folder = pathlib.Path(target) / "again"
    folder.mkdir(parents=True, exist_ok=True)
    for i, path in enumerate(spread(paths_of(source), count)):
        with Image.open(path) as m:
            m.convert("RGB").save(folder / f"{i:06d}{suffix}", **options)
    return folder.parent


def make_large(source, target, count, width=4000, height=3000, quality=90):
    """Write count pictures of 12 megapixels, each a mosaic of small photographs.

    A mosaic has the detail of the photographs in every part. Scaled up photographs
    would be smooth, and so have fewer bits to read.
    """
    from PIL import Image

    target = pathlib.Path(target) / "large"
    target.mkdir(parents=True, exist_ok=True)
    paths, used = paths_of(source), 0
    for i in range(count):
        whole = Image.new("RGB", (width, height))
        y = 0
        while y < height:
            x, row_height = 0, 0
            while x < width:
                with Image.open(io.BytesIO(paths[used % len(paths)].read_bytes())) as tile:
                    whole.paste(tile.convert("RGB"), (x, y))
                    x, row_height = x + tile.width, max(row_height, tile.height)
                used += 7
            y += row_height
        whole.save(target / f"{i:03d}.jpg", quality=quality)
    return target.parent
