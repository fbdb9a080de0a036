"""Peers take turns: in each round every one makes a pass over the same pictures.

Load that comes and goes, and a clock that rises and falls, meet all of them
alike; the least time of several rounds is what a peer can do.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).parent


class Peer:
    """A Python library in a process that stays from round to round."""

    def __init__(self, name, spec, environment, script="worker.py"):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / script), json.dumps(spec)], cwd=HERE, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, **environment})
        self.first = self._answer()
        self.skipped, self.version = self.first.get("skipped"), self.first.get("version", "")

    def _answer(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"skipped": "its process ended"}

    def turn(self):
        """Make a pass; return {"images", "seconds", "cpu_seconds"}."""
        before = sum(map(cpu_seconds, tree(self.process.pid)))
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        answer = self._answer()
        if "cpu_seconds" in answer:  # the peer tells its own, and more finely
            with_workers = sum(map(cpu_seconds, tree(self.process.pid))) - before
            answer["cpu_seconds"] = max(answer["cpu_seconds"], with_workers)
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait()


class Dsbuild:
    """A call of dsbuild bench, which is started anew in each round."""

    skipped = None

    def __init__(self, name, command, cores):
        self.name, self.command, self.cores, self.process = name, command, cores, None
        self.version = "dsbuild"

    def turn(self):
        pin = (lambda: os.sched_setaffinity(0, self.cores)) if self.cores else None
        self.process = subprocess.Popen(self.command, text=True, preexec_fn=pin,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = self.process.communicate()
        if self.process.returncode:
            return {"skipped": (err.strip().splitlines() or ["no answer"])[0]}
        return json.loads(out.splitlines()[-1])

    def close(self):
        pass


class Memory:
    """Samples the memory that the processes of a peer have at their most.

    What processes share counts once (the proportional set size), so that a peer
    with worker processes is not charged for its libraries several times.
    """

    def __init__(self, peer):
        self.peer, self.peak, self.done = peer, 0, threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def _watch(self):
        ended = False
        while not ended:
            ended = self.done.wait(0.1)
            if self.peer.process is not None:
                self.peak = max(self.peak, sum(map(pss, tree(self.peer.process.pid))))


def tree(pid):
    """Return a process and all that come from it."""
    found = [pid]
    for parent in found:
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                children = pathlib.Path(f"/proc/{parent}/task/{thread}/children").read_text()
                found.extend(int(child) for child in children.split())
        except OSError:  # it has ended
            continue
    return found


def cpu_seconds(pid):
    """Return the processor time of a process so far, 0 where it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pss(pid):
    """Return a process's proportional set size in bytes, 0 where it has ended."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


def run(contestants, rounds):
    """Let all take turns; return for each the answers of its rounds and its peak memory."""
    answers = {peer.name: [] for peer in contestants}
    memory = {peer.name: 0 for peer in contestants}
    for number in range(rounds + 1):  # the first pass warms up
        for peer in contestants:
            if peer.skipped:
                continue
            with Memory(peer) as watch:
                answer = peer.turn()
            if answer.get("skipped"):
                peer.skipped = answer["skipped"]
                continue
            memory[peer.name] = max(memory[peer.name], watch.peak)
            if number or isinstance(peer, Dsbuild):
                answers[peer.name].append(answer)
            time.sleep(0.02)  # a peer's idle threads come to rest
    return answers, memory


def figures(answers):
    """Return the least and the median time of an image, and the least processor time."""
    wall = [a.get("ms_per_image") or 1000 * a["seconds"] / a["images"] for a in answers]
    cpu = [a.get("cpu_ms_per_image") or 1000 * a["cpu_seconds"] / a["images"] for a in answers]
    return {"images": answers[0]["images"], "rounds": len(answers), "ms": min(wall),
            "median_ms": statistics.median(wall), "cpu_ms": min(cpu)}
