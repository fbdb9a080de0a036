"""The numbers that every peer's pipeline has in common."""

SIZE = 224
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
AREA, RATIO = (0.08, 1.0), (3 / 4, 4 / 3)
HALF = 0.5
JITTER = (0.4, 0.4, 0.4, 0.1)  # brightness, contrast, saturation, hue
BLUR = 9


def each(items, work):
    """Return a pass that does work on every item and lets go of what comes of it."""
    def run():
        for item in items:
            work(item)
        return len(items)

    return run
