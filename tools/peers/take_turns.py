#!/usr/bin/python3
"""Runs regard and the PyTorch program beside this file in turn (A B A B …), and prints the results of each.

There is one process for each program, system and precision. All processes wait on their standard input and one works at a
time, so that a disturbance of the machine affects all equally. Figures are medians over the steps of all rounds, without the
first three of each turn. Ratios are against the fastest PyTorch: this machine's, or with --trixie that of a Debian 13. If the
core of OpenBLAS is older than the processor, nothing is compared.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

SYSTEMS = [name + feed for feed in ("", "+feed") for name in ("none", "dot", "general", "concat")]
WARM_UP = 3
BATCHES = 64  # exported
LIBRARIES = "/usr/lib/x86_64-linux-gnu"
INSIDE = "/peers"  # the folder of batches and parameters within the Debian 13

# A flag of the processor, the vectors for PyTorch, the core for OpenBLAS (an old release does not know newer processors and
# would use kernels that are decades old), and the cores that are as good.
LEVELS = [
    ("avx512f", "avx512", "SKYLAKEX", {"skylakex", "cooperlake", "sapphirerapids"}),
    ("avx2", "avx2", "HASWELL", {"haswell", "zen", "skylakex", "cooperlake", "sapphirerapids"}),
]


def flags_of(cpuinfo):
    found = re.search(r"^flags\s*:(.*)$", cpuinfo, re.MULTILINE)
    return set(found.group(1).split()) if found else set()


def level_of(flags):
    """Returns the first of LEVELS that the processor has; None for an older one, for which OpenBLAS chooses its core."""
    return next((level for level in LEVELS if level[0] in flags), None)


def tuned(threads, flags):
    """Returns the settings with which PyTorch is fastest on a CPU: OpenBLAS with OpenMP and the processor's core, wide vectors,
    an allocator that keeps its memory."""
    env = {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads), "OPENBLAS_VERBOSE": "2"}
    env["MALLOC_CONF"] = ("oversize_threshold:1,background_thread:false,metadata_thp:auto,"
                          "dirty_decay_ms:-1,muzzy_decay_ms:-1")
    env["LD_LIBRARY_PATH"] = LIBRARIES + "/openblas-openmp"
    env["LD_PRELOAD"] = LIBRARIES + "/libjemalloc.so.2"
    level = level_of(flags)
    if level:
        env["ATEN_CPU_CAPABILITY"], env["OPENBLAS_CORETYPE"] = level[1], level[2]
    return env


def core_in(said):
    """Returns the core that OpenBLAS uses, from the text that it prints with OPENBLAS_VERBOSE=2."""
    found = re.search(r"^Core: (\S+)", said, re.MULTILINE)
    return found.group(1) if found else "unknown"


def refusal(name, core, flags):
    """Returns why ratios against a PyTorch with that core would be wrong; None if they are right."""
    level = level_of(flags)
    if level is None or core.lower() in level[3]:
        return None
    return ("%s: its OpenBLAS uses the core '%s', but this processor has %s (%s or as good): ratios would be too good. Is "
            "libopenblas0-openmp installed there, and does python3-numpy use it?" % (
                name, core, level[0], level[2]))


class Worker:
    def __init__(self, program, precision, command, env=None):
        self.program, self.precision, self.name = program, precision, "%s %s" % (program, precision)
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said,
                                        text=True)
        self.rates, self.decoded, self.peak, self.losses = [], {1: [], 5: []}, 0, []

    def errors(self):
        self.said.seek(0)
        return self.said.read()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("%serror: %s ended without an answer to '%s'" % (self.errors(), self.name, line))
        return json.loads(answer)

    def train(self, steps):
        answer = self.ask("train %d" % (steps + WARM_UP))
        seconds, tokens = answer["seconds"][WARM_UP:], answer["tokens"][WARM_UP:]
        self.rates += [t / s for t, s in zip(tokens, seconds)]
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def rate(values):
    return statistics.median(values) if values else None


def text(value, form="%.0f"):
    return "–" if value is None else form % value


def same_lines(one, other):
    pairs = list(zip(open(one), open(other)))
    return 100 * sum(a == b for a, b in pairs) / len(pairs)


class PyTorch:
    """One installation of PyTorch: the paths of its program and files, and how to start a process of it."""

    def __init__(self, arguments, flags, inside=None):
        self.inside, self.folder = inside, pathlib.Path(arguments.folder)
        self.threads, self.settings = str(arguments.threads), tuned(arguments.threads, flags)
        self.beside = pathlib.Path(__file__).with_name("seq2seq_torch.py")
        if inside:
            self.folder = pathlib.Path(inside + INSIDE)
            self.folder.mkdir(exist_ok=True)
            shutil.copy(self.beside, self.folder)
        about, said = self.about()
        self.name = "PyTorch " + ".".join(about["torch"].split(".")[:2])
        self.core = core_in(said)
        self.note = "%s: OpenBLAS core %s, Adam %s" % (self.name, self.core, "fused" if about["fused"] else "not fused")

    def command(self, *words):
        if not self.inside:
            return ["/usr/bin/python3", str(self.beside), *words]
        settings = ["%s=%s" % item for item in self.settings.items()]
        return ["chroot", self.inside, "/usr/bin/env", *settings, "/usr/bin/python3", INSIDE + "/" + self.beside.name,
                *words]

    def env(self):
        return None if self.inside else dict(os.environ, **self.settings)

    def about(self):
        found = subprocess.run(self.command("about"), env=self.env(), capture_output=True, text=True)
        if found.returncode:
            sys.exit("%serror: the PyTorch program cannot be started%s" % (
                found.stderr, " in " + self.inside if self.inside else ""))
        return json.loads(found.stdout.splitlines()[-1]), found.stderr

    def worker(self, system, precision, exported):
        folder = str(exported)
        if self.inside:
            shutil.copytree(exported, self.folder / system, dirs_exist_ok=True)
            folder = INSIDE + "/" + system
        return Worker(self.name, precision, self.command(folder, system, precision, self.threads), self.env())


def fastest(workers, precision, value):
    """Returns the largest `value` of PyTorch's workers in that precision; None if there is none."""
    found = [value(w) for w in workers if w.program.startswith("PyTorch") and w.precision == precision]
    return max((v for v in found if v is not None), default=None)


def ratio(mine, other, form):
    return "–" if mine is None or other is None else form % (mine / other)


def cells_of(system, worker, workers, flops):
    """Returns the cells of one row of the table."""
    mine = rate(worker.rates)
    cells = [system, worker.name, text(mine), text(flops * mine * 1e-9)]
    for precision in ("float32", worker.precision):
        cells.append(ratio(mine, fastest(workers, precision, lambda w: rate(w.rates)), "%.2f"))
    cells.append("%.0f" % worker.peak)
    for beam, times in worker.decoded.items():
        mine = rate(times)
        cells += [text(mine), ratio(mine, fastest(workers, "float32", lambda w: rate(w.decoded[beam])), "%.1f")]
    return cells + [" ".join("%.5f" % loss for loss in worker.losses)]


def compare(system, arguments, peers, out):
    folder = pathlib.Path(arguments.folder) / system
    env = dict(os.environ, OMP_NUM_THREADS=str(arguments.threads))
    ready = folder / "ready"
    wanted = "%d %d" % (BATCHES, arguments.updates)
    if not ready.exists() or ready.read_text() != wanted:
        subprocess.run([arguments.program, "export", str(folder), system, str(BATCHES), str(arguments.updates)], env=env,
                       check=True)
        ready.write_text(wanted)
    workers = []
    for precision in arguments.precisions.split(","):
        workers.append(Worker("regard", precision, [arguments.program, "serve", str(folder), system, precision], env))
    for precision in arguments.torch_precisions.split(","):
        workers += [peer.worker(system, precision, folder) for peer in peers]
    for _ in range(arguments.rounds):
        for worker in workers:
            answer = worker.train(arguments.steps)
            if "flops" in answer:
                flops = sum(answer["flops"]) / sum(answer["tokens"])
    for worker in workers:
        worker.peak = worker.ask("memory")["peak_mb"]
        worker.losses = worker.ask("losses 5")["losses"]
    for _ in range(arguments.decode_rounds):
        for worker in workers:
            for beam, times in worker.decoded.items():
                answer = worker.ask("decode %d" % beam)
                times.append(answer["sentences"] / answer["seconds"])
    for worker in workers:
        worker.close()
    for worker in workers:
        print("| " + " | ".join(cells_of(system, worker, workers, flops)) + " |", file=out, flush=True)
    for peer in peers if arguments.decode_rounds else []:
        for beam in (1, 5):
            theirs = (peer.folder if peer.inside else folder.parent) / system / ("torch.float32.%d.txt" % beam)
            print("%s, float32, beam %d: %.1f %% of the translations are equal to those of %s" % (
                system, beam, same_lines(folder / ("regard.float32.%d.txt" % beam), theirs), peer.name), file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="regard_peer, which bench/ builds")
    parser.add_argument("--folder", required=True, help="the folder for batches and parameters")
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--precisions", default="float32,bfloat16x3,bfloat16", help="precisions of regard")
    parser.add_argument("--torch-precisions", default="float32,bfloat16",
                        help="precisions of PyTorch, float32 among them; without AVX-512 its bfloat16 takes minutes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="turns of training for each program")
    parser.add_argument("--steps", type=int, default=12, help="timed steps a turn")
    parser.add_argument("--decode-rounds", type=int, default=2, help="turns of translating 1000 sentences")
    parser.add_argument("--updates", type=int, default=200, help="updates of the model that translates")
    parser.add_argument("--out", help="a file for the table; else standard output")
    parser.add_argument("--trixie", help="the folder of a Debian 13, for PyTorch 2.6; tools/peers/trixie makes it")
    arguments = parser.parse_args()
    if not 0 < arguments.steps <= BATCHES - WARM_UP:
        sys.exit("error: --steps is 1 to %d" % (BATCHES - WARM_UP))
    if "float32" not in arguments.torch_precisions.split(","):
        sys.exit("error: --torch-precisions needs float32, with which regard is compared")
    for system in arguments.systems.split(","):
        if system not in SYSTEMS:
            sys.exit("error: unknown system '%s'; there are %s" % (system, ", ".join(SYSTEMS)))
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = flags_of(file.read())
    peers = [PyTorch(arguments, flags)]
    if arguments.trixie:
        inside = os.path.realpath(arguments.trixie)
        made = subprocess.run([str(pathlib.Path(__file__).with_name("trixie")), inside], stdout=subprocess.DEVNULL)
        if made.returncode:
            sys.exit(made.returncode)
        peers.append(PyTorch(arguments, flags, inside))
    for peer in peers:
        why = refusal(peer.name, peer.core, flags)
        if why:
            sys.exit("error: " + why)
    out = open(arguments.out, "w", encoding="utf-8") if arguments.out else sys.stdout
    print("%d threads, %d rounds of %d steps; × is against the faster PyTorch; losses of the first steps from equal "
          "parameters, without dropout\n" % (arguments.threads, arguments.rounds, arguments.steps), file=out)
    print("| system | program | target tokens/s | GFLOP/s | × PyTorch float32 | × PyTorch in the same precision | peak MB | "
          "greedy sentences/s | × PyTorch float32 | beam 5 sentences/s | × PyTorch float32 | losses |", file=out)
    print("|" + " --- |" * 12, file=out, flush=True)
    for system in arguments.systems.split(","):
        compare(system, arguments, peers, out)
    print("\n" + "; ".join(peer.note for peer in peers) + ("" if arguments.trixie else
          "; PyTorch 2.6 was not run (--trixie)"), file=out, flush=True)


if __name__ == "__main__":
    main()
