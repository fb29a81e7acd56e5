#!/usr/bin/python3
"""Lets regard and the PyTorch program beside this file take turns (A B A B …), and prints what each did.

Every program is one process for each system and precision. All of them wait on their standard input; one works at a
time, so that what disturbs the machine disturbs all alike. Figures are medians over the steps of all rounds, the
first three of each turn left out.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

SYSTEMS = [name + feed for feed in ("", "+feed") for name in ("none", "dot", "general", "concat")]
WARM_UP = 3
BATCHES = 64  # exported
LIBRARIES = "/usr/lib/x86_64-linux-gnu"


def tuned(threads):
    """What makes PyTorch fastest on a CPU: OpenBLAS with OpenMP, wide vectors, an allocator that keeps its memory."""
    env = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    env["MALLOC_CONF"] = ("oversize_threshold:1,background_thread:false,metadata_thp:auto,"
                          "dirty_decay_ms:-1,muzzy_decay_ms:-1")
    env["LD_LIBRARY_PATH"] = LIBRARIES + "/openblas-openmp"
    env["LD_PRELOAD"] = LIBRARIES + "/libjemalloc.so.2"
    flags = open("/proc/cpuinfo").read()
    for flag, name in ((" avx512f ", "avx512"), (" avx2 ", "avx2")):
        if flag in flags:
            env["ATEN_CPU_CAPABILITY"] = name
            break
    return env


class Worker:
    def __init__(self, name, command, env):
        self.name = name
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL if name.startswith("PyTorch") else None, text=True)
        self.rates, self.flops, self.decoded, self.peak = [], [], {1: [], 5: []}, 0

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("error: %s ended without an answer to '%s'" % (self.name, line))
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


def compare(system, arguments, out):
    folder = pathlib.Path(arguments.folder) / system
    env = dict(os.environ, OMP_NUM_THREADS=str(arguments.threads))
    ready = folder / "ready"
    wanted = "%d %d" % (BATCHES, arguments.updates)
    if not ready.exists() or ready.read_text() != wanted:
        subprocess.run([arguments.program, "export", str(folder), system, str(BATCHES), str(arguments.updates)], env=env,
                       check=True)
        ready.write_text(wanted)
    beside = pathlib.Path(__file__).with_name("seq2seq_torch.py")
    workers = []
    for precision in arguments.precisions.split(","):
        workers.append(Worker("regard " + precision, [arguments.program, "serve", str(folder), system, precision], env))
    for precision in arguments.torch_precisions.split(","):
        workers.append(Worker("PyTorch " + precision, ["/usr/bin/python3", str(beside), str(folder), system, precision,
                                                       str(arguments.threads)], tuned(arguments.threads)))
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
    base = {worker.name: worker for worker in workers}
    for worker in workers:
        mine = rate(worker.rates)
        cells = [system, worker.name, text(mine), text(flops * mine * 1e-9)]
        for other in ("PyTorch float32", "PyTorch bfloat16"):
            cells.append("%.2f" % (mine / rate(base[other].rates)) if other in base else "–")
        cells.append("%.0f" % worker.peak)
        for beam, times in worker.decoded.items():
            mine = rate(times)
            cells.append(text(mine))
            cells.append("–" if mine is None else "%.1f" % (mine / rate(base["PyTorch float32"].decoded[beam])))
        cells.append(" ".join("%.5f" % loss for loss in worker.losses))
        print("| " + " | ".join(cells) + " |", file=out, flush=True)
    if arguments.decode_rounds:
        for beam in (1, 5):
            equal = same_lines(folder / ("regard.float32.%d.txt" % beam), folder / ("torch.float32.%d.txt" % beam))
            print("%s, float32, beam %d: %.1f %% of the translations are equal" % (system, beam, equal),
                  file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="regard_peer, as bench/ builds it")
    parser.add_argument("--folder", required=True, help="where batches and parameters are kept")
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--precisions", default="float32,bfloat16x3,bfloat16", help="of regard")
    parser.add_argument("--torch-precisions", default="float32,bfloat16",
                        help="of PyTorch, float32 among them; without AVX-512 its bfloat16 takes minutes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="turns of training for each program")
    parser.add_argument("--steps", type=int, default=12, help="timed steps a turn")
    parser.add_argument("--decode-rounds", type=int, default=2, help="turns of translating 1000 sentences")
    parser.add_argument("--updates", type=int, default=200, help="updates of the model that translates")
    parser.add_argument("--out", help="a file for the table; else standard output")
    arguments = parser.parse_args()
    if not 0 < arguments.steps <= BATCHES - WARM_UP:
        sys.exit("error: --steps is 1 to %d" % (BATCHES - WARM_UP))
    if "float32" not in arguments.torch_precisions.split(","):
        sys.exit("error: --torch-precisions needs float32: it is what all ratios are of")
    out = open(arguments.out, "w") if arguments.out else sys.stdout
    print("%d threads, %d rounds of %d steps; losses of the first steps from equal parameters, without dropout\n" % (
        arguments.threads, arguments.rounds, arguments.steps), file=out)
    print("| system | program | target tokens/s | GFLOP/s | × PyTorch float32 | × PyTorch bfloat16 | peak MB | greedy "
          "sentences/s | × | beam 5 sentences/s | × | losses |", file=out)
    print("|" + " --- |" * 12, file=out, flush=True)
    for system in arguments.systems.split(","):
        if system not in SYSTEMS:
            sys.exit("error: unknown system '%s'; there are %s" % (system, ", ".join(SYSTEMS)))
        compare(system, arguments, out)


if __name__ == "__main__":
    main()
