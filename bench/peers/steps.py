"""One peer that trains or infers, in a process of its own.

Started by train.py, never by hand. A line of standard input asks for a turn of
some steps; standard output gets a JSON line for each turn, and before them one
with the version and the memory that the libraries took before any network.
"""

import json
import os
import pathlib
import statistics
import sys
import time

import nets

PARTS = ("forward", "backward", "update")


def memory(field):
    """Return VmRSS or VmHWM of this process in MB."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0


def torch_for(spec):
    import torch

    torch.set_num_threads(spec["threads"])
    if spec["model"] != "cnn":
        import torchvision  # noqa: F401, so that its memory counts as the libraries'
    layout = torch.channels_last if spec["tuned"] else torch.contiguous_format
    return torch, layout


def version_of_torch(torch):
    return f"PyTorch {torch.__version__.split('+')[0]}"


def train_torch(spec):
    """Return the version and a step: forward with loss, backward, update."""
    torch, layout = torch_for(spec)
    base = memory("VmRSS")
    net = nets.network(spec["model"]).to(memory_format=layout)
    images, labels = nets.batch(spec["model"], spec["batch"])
    images = images.contiguous(memory_format=layout)
    loss_of = torch.nn.CrossEntropyLoss()
    if spec["model"] == "cnn":
        optimizer = torch.optim.Adam(net.parameters(), 1e-4)
    else:
        optimizer = torch.optim.SGD(net.parameters(), 1e-4, momentum=0.9)

    def step():
        clock = [time.perf_counter()]
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=spec["precision"] == "bf16"):
            loss = loss_of(net(images), labels)
        clock.append(time.perf_counter())
        loss.backward()
        clock.append(time.perf_counter())
        optimizer.step()
        clock.append(time.perf_counter())
        return clock

    return version_of_torch(torch), base, step


def infer_torch(spec):
    torch, layout = torch_for(spec)
    base = memory("VmRSS")
    net = nets.network(spec["model"]).eval().to(memory_format=layout)
    images = nets.batch(spec["model"], spec["batch"])[0].contiguous(memory_format=layout)

    @torch.inference_mode()
    def infer():
        with torch.autocast("cpu", torch.bfloat16, enabled=spec["precision"] == "bf16"):
            net(images)

    return version_of_torch(torch), base, timed(infer)


def infer_onnxruntime(spec):
    import onnxruntime

    base = memory("VmRSS")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = spec["threads"]
    session = onnxruntime.InferenceSession(spec["onnx"], options,
                                           providers=["CPUExecutionProvider"])
    feed = {"images": random_images(spec)}
    return (f"ONNX Runtime {onnxruntime.__version__}", base,
            timed(lambda: session.run(None, feed)))


def infer_openvino(spec):
    import openvino

    base = memory("VmRSS")
    compiled = openvino.Core().compile_model(spec["onnx"], "CPU", {
        "INFERENCE_NUM_THREADS": spec["threads"], "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": spec["precision"]})
    request = compiled.create_infer_request()
    feed = {0: random_images(spec)}
    return (f"OpenVINO {openvino.__version__.split('-')[0]}", base,
            timed(lambda: request.infer(feed, share_inputs=True)))


def random_images(spec):
    import numpy as np

    shape = (spec["batch"], *nets.image_shape(spec["model"]))
    return np.random.default_rng(2).standard_normal(shape, dtype=np.float32)


def timed(work):
    """Return a step that tells when work began and ended."""
    def step():
        start = time.perf_counter()
        work()
        return [start, time.perf_counter()]

    return step


def turn(step, count):
    """Make so many steps; return the medians of their times in ms, and more figures."""
    cpu = time.process_time()
    clocks = [step() for _ in range(count)]
    cpu = time.process_time() - cpu

    def median(first, last):
        return statistics.median((c[last] - c[first]) * 1000 for c in clocks)

    answer = {"ms": median(0, -1), "peak_mb": memory("VmHWM"),
              "least_ms": min(c[-1] - c[0] for c in clocks) * 1000,
              "cpu_ms": cpu * 1000 / count}
    if len(clocks[0]) > 2:
        answer |= {f"{part}_ms": median(i, i + 1) for i, part in enumerate(PARTS)}
    return answer


def answer(value):
    os.write(ANSWERS, (json.dumps(value) + "\n").encode())


def main():
    spec = json.loads(sys.argv[1])
    try:
        version, base, step = globals()[spec["function"]](spec)
    except ImportError as err:
        answer({"skipped": f"cannot be imported: {err}"})
        return
    turn(step, spec["warm"])
    answer({"version": version, "base_mb": base})
    for _ in sys.stdin:
        answer(turn(step, spec["steps"]))


if __name__ == "__main__":
    # Libraries print to standard output as they please; answers go where it was.
    ANSWERS = os.dup(1)
    os.dup2(2, 1)
    main()
