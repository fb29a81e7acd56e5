#!/usr/bin/python3
"""The model of regard's benchmarks in PyTorch, with the same batches and parameters as regard.

An LSTM encoder and decoder of one layer with Luong's attention (none, dot, general, concat), with or without input feeding. It
is written to be fast on a CPU: packed sequences, whole sequences at once if nothing feeds back, one product for the input side
of all gates, the output layer over real positions only, bfloat16 by autocast. Search leaves out finished sentences, never
repeats the encoder's states across a beam, and computes no softmax if an argmax is enough.

    seq2seq_torch.py FOLDER SYSTEM float32|bfloat16 THREADS
    seq2seq_torch.py about      prints {"torch": its version, "fused": whether Adam is one loop there}

`regard_peer export` writes FOLDER. The program accepts the same lines on standard input as `regard_peer serve` and answers in
the same JSON, so that tools/peers/compare can run the two in turn.
"""
import json
import re
import struct
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

PAD, UNK, BOS, EOS = 0, 1, 2, 3
LONGEST = 50  # the most words of a translation, in both programs
BATCH = 64


def safetensors(path):
    """Returns name -> float32 tensor."""
    data = bytearray(open(path, "rb").read())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        count = (end - begin) // 4
        tensor = torch.frombuffer(data, dtype=torch.float32, count=count, offset=8 + length + begin)
        tensors[name] = tensor.view(entry["shape"]).clone()
    return tensors


def ids(text):
    return [int(word) for word in text.split()]


class Batch:
    """Sentences with the longest source first, as packing needs them; time is the first axis, as in the LSTM."""

    def __init__(self, sources, targets=None):
        self.order = sorted(range(len(sources)), key=lambda i: -len(sources[i]))
        rows = [sources[i] + [EOS] for i in self.order]
        self.lengths = torch.tensor([len(row) for row in rows])
        self.source = self.padded(rows)  # S, B
        width = self.source.size(0)
        self.padding = None  # B, 1, S
        if int(self.lengths[-1]) != width:
            self.padding = (torch.arange(width)[None] >= self.lengths[:, None]).unsqueeze(1)
        if targets is None:
            return
        rows = [targets[i] for i in self.order]
        self.given = self.padded([[BOS] + row for row in rows])  # T, B
        wanted = self.padded([row + [EOS] for row in rows])
        self.real = (wanted.flatten() != PAD).nonzero().squeeze(1)  # positions t * B + b
        self.wanted = wanted.flatten()[self.real]
        self.tokens = self.wanted.numel()

    @staticmethod
    def padded(rows):
        return nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], padding_value=PAD)


class Seq2Seq(nn.Module):
    def __init__(self, attention, feeding, sizes, dropout):
        super().__init__()
        source, target, E, H = sizes
        self.attention, self.feeding, self.E, self.H = attention, feeding, E, H
        self.source = nn.Embedding(source, E)
        self.target = nn.Embedding(target, E)
        self.encoder = nn.LSTM(E, H)
        self.decoder = nn.LSTM(E + (H if feeding else 0), H)
        for lstm in (self.encoder, self.decoder):
            lstm.bias_hh_l0.requires_grad_(False)  # one bias, as regard has it
        if attention == "general":
            self.W_a = nn.Linear(H, H, bias=False)
        if attention == "concat":
            self.W_q = nn.Linear(H, H, bias=False)
            self.W_k = nn.Linear(H, H, bias=False)
            self.v_a = nn.Linear(H, 1, bias=False)
        if attention != "none":
            self.W_c = nn.Linear(2 * H, H, bias=False)
        self.output = nn.Linear(H, target)
        self.dropout = nn.Dropout(dropout)

    @torch.no_grad()
    def take(self, tensors):
        left = dict(tensors)

        def put(parameter, name):
            value = left.pop(name)
            parameter.copy_(value.view_as(parameter))

        def put_lstm(lstm, name):
            W = left.pop(name + "/W_x")
            if name + "/feed/W" in left:
                W = torch.cat([W, left.pop(name + "/feed/W")], 1)
            lstm.weight_ih_l0.copy_(W)
            put(lstm.weight_hh_l0, name + "/W_h")
            put(lstm.bias_ih_l0, name + "/b")
            lstm.bias_hh_l0.zero_()

        put(self.source.weight, "encoder/embedding/W")
        put(self.target.weight, "decoder/embedding/W")
        put_lstm(self.encoder, "encoder/layer0/forward")
        put_lstm(self.decoder, "decoder/layer0")
        if self.attention == "general":
            # score = h^T W_a h_s: the keys are h_s W_a^T, and W_a is [query, key] as in a linear layer
            put(self.W_a.weight, "decoder/attention/W_a")
        if self.attention == "concat":
            put(self.W_q.weight, "decoder/attention/W_q")
            put(self.W_k.weight, "decoder/attention/W_k")
            put(self.v_a.weight, "decoder/attention/v_a")
        if self.attention != "none":
            put(self.W_c.weight, "decoder/W_c/W")
        put(self.output.weight, "output/W")
        put(self.output.bias, "output/b")
        if left:
            sys.exit("error: parameters that this model has not: " + ", ".join(left))

    def encode(self, batch):
        x = self.dropout(self.source(batch.source))
        if batch.padding is None:
            states, last = self.encoder(x)
        else:
            packed, last = self.encoder(nn.utils.rnn.pack_padded_sequence(x, batch.lengths))
            states, _ = nn.utils.rnn.pad_packed_sequence(packed)
        states = states.transpose(0, 1).contiguous()  # B, S, H
        keys = states
        if self.attention == "general":
            keys = self.W_a(states)
        elif self.attention == "concat":
            keys = self.W_k(states)
        return states, keys, last

    def attend(self, h, states, keys, padding):
        """h [B, T, H] -> tanh(W_c [c; h])"""
        if self.attention == "concat":
            energies = self.v_a(torch.tanh(self.W_q(h).unsqueeze(2) + keys.unsqueeze(1))).squeeze(3)
        else:
            energies = torch.bmm(h, keys.transpose(1, 2))
        if padding is not None:
            energies = energies.masked_fill(padding, -1e9)
        weights = F.softmax(energies, -1, dtype=torch.float32).to(states.dtype)
        context = torch.bmm(weights, states)
        return torch.tanh(self.W_c(torch.cat([context, h], 2)))

    def fed_weights(self):
        """Returns the gates' weights for the words, and those for feed and h as one matrix."""
        W = self.decoder.weight_ih_l0
        return W[:, :self.E], torch.cat([W[:, self.E:], self.decoder.weight_hh_l0], 1).t()

    @staticmethod
    def cell(gates, c):
        i, f, g, o = gates.chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def readouts(self, batch):
        """Returns [T, B, H]."""
        states, keys, (h, c) = self.encode(batch)
        x = self.dropout(self.target(batch.given))
        if not self.feeding:
            out, _ = self.decoder(x, (h, c))
            if self.attention != "none":
                out = self.attend(out.transpose(0, 1), states, keys, batch.padding).transpose(0, 1)
            return self.dropout(out)
        W_x, W_fh = self.fed_weights()
        words = F.linear(x, W_x, self.decoder.bias_ih_l0)
        h, c, feed, outs = h[0], c[0], torch.zeros_like(h[0]), []
        for gates in words.unbind(0):
            h, c = self.cell(torch.addmm(gates, torch.cat([feed, h], 1), W_fh), c)
            feed = h
            if self.attention != "none":
                feed = self.attend(h.unsqueeze(1), states, keys, batch.padding).squeeze(1)
            feed = self.dropout(feed)
            outs.append(feed)
        return torch.stack(outs)

    def forward(self, batch):
        out = self.readouts(batch)
        logits = self.output(out.reshape(-1, self.H).index_select(0, batch.real))
        return F.cross_entropy(logits.float(), batch.wanted, reduction="sum")

    # One step of N hypotheses: words [N], h, c, feed [N, H]; N = B * K, sentence by sentence.
    def step(self, words, h, c, feed, states, keys, padding, fed):
        x = self.target(words)
        if self.feeding:
            W_x, W_fh = fed
            h, c = self.cell(torch.addmm(F.linear(x, W_x, self.decoder.bias_ih_l0), torch.cat([feed, h], 1), W_fh), c)
        else:
            _, (h, c) = self.decoder(x[None], (h[None], c[None]))
            h, c = h[0], c[0]
        out = h
        if self.attention != "none":
            B = states.size(0)
            out = self.attend(h.view(B, -1, self.H), states, keys, padding).view(-1, self.H)
        return self.output(out).float(), h, c, out


@torch.inference_mode()
def greedy(model, batch):
    states, keys, (h, c) = model.encode(batch)
    padding, fed = batch.padding, model.fed_weights() if model.feeding else None
    h, c = h[0], c[0]
    B = h.size(0)
    words, feed = torch.full((B,), BOS), torch.zeros(B, model.H)
    results, who = [[] for _ in range(B)], list(range(B))
    for _ in range(LONGEST):
        logits, h, c, feed = model.step(words, h, c, feed, states, keys, padding, fed)
        logits[:, PAD] = logits[:, BOS] = -1e9
        words = logits.argmax(1)
        for at, word in enumerate(words.tolist()):
            if who[at] is not None:
                if word == EOS:
                    who[at] = None
                else:
                    results[who[at]].append(word)
        left = sum(place is not None for place in who)
        if left == 0:
            break
        if left * 8 <= len(who) * 7:
            stay = torch.tensor([at for at, place in enumerate(who) if place is not None])
            who = [place for place in who if place is not None]
            words, h, c, feed = words[stay], h[stay], c[stay], feed[stay]
            states, keys = states[stay], keys[stay] if keys is not states else states[stay]
            padding = padding[stay] if padding is not None else None
    return results


@torch.inference_mode()
def beam_search(model, batch, K):
    """Beam search. A sentence is finished when K hypotheses have ended and no other can become better than the best of them, or
    at the limit. The score is the log probability a word."""
    states, keys, (h, c) = model.encode(batch)
    padding, fed = batch.padding, model.fed_weights() if model.feeding else None
    h, c = h[0], c[0]
    B, V = h.size(0), model.output.out_features
    words, feed = torch.full((B,), BOS), torch.zeros(B, model.H)
    scores = torch.zeros(B, 1)
    history = torch.zeros(B, 1, 0, dtype=torch.long)
    best = [(-1e9, [])] * B
    ended = torch.zeros(B, dtype=torch.long)
    who, done = torch.arange(B), [False] * B
    for length in range(1, LONGEST + 1):
        n, width = scores.shape
        logits, h, c, feed = model.step(words, h, c, feed, states, keys, padding, fed)
        logits[:, PAD] = logits[:, BOS] = -1e9
        top, which = logits.topk(K + 1, 1)
        top = top - logits.logsumexp(1, keepdim=True)
        candidates = (scores.view(-1, 1) + top).view(n, -1)
        ranked, at = candidates.topk(min(2 * K, candidates.size(1)), 1)
        word = which.view(n, -1).gather(1, at)
        parent = torch.div(at, K + 1, rounding_mode="floor")
        ends = word == EOS
        counted = ends.clone()
        counted[:, K:] = False
        for i, j in counted.nonzero().tolist():
            sentence = int(who[i])
            score = float(ranked[i, j]) / length
            if score > best[sentence][0] and not done[i]:
                best[sentence] = (score, history[i, parent[i, j]].tolist())
        ended += counted.sum(1)
        # The best K that continue: those that end are ranked below all others.
        scores, keep = ranked.masked_fill(ends, -1e9).topk(K, 1)
        word, parent = word.gather(1, keep), parent.gather(1, keep)
        history = torch.cat([history.gather(1, parent.unsqueeze(2).expand(-1, -1, history.size(2))), word.unsqueeze(2)], 2)
        reachable = (scores[:, 0] / LONGEST).tolist()
        done = [over or e >= K or best[s][0] >= r
                for over, e, s, r in zip(done, ended.tolist(), who.tolist(), reachable)]
        if all(done) or length == LONGEST:
            for i, sentence in enumerate(who.tolist()):
                if not best[sentence][1] and best[sentence][0] == -1e9:
                    best[sentence] = (float(scores[i, 0]) / length, history[i, 0].tolist())
            break
        rows = (torch.arange(n)[:, None] * width + parent).view(-1)
        if sum(done) * 8 >= n:
            stay = torch.tensor([i for i, over in enumerate(done) if not over])
            rows, done = rows.view(n, K)[stay].view(-1), [False] * len(stay)
            scores, history, word, ended, who = scores[stay], history[stay], word[stay], ended[stay], who[stay]
            states, keys = states[stay], keys[stay] if keys is not states else states[stay]
            padding = padding[stay] if padding is not None else None
        h, c, feed, words = h[rows], c[rows], feed[rows], word.reshape(-1)
    return [words for _, words in best]


def adam_of(parameters):
    """Returns Adam, and whether it is one loop over all parameters (on the CPU: PyTorch 2.4 and newer)."""
    try:
        return torch.optim.Adam(parameters, lr=0.001, fused=True), True
    except RuntimeError:  # PyTorch 1.13 has it for CUDA only
        return torch.optim.Adam(parameters, lr=0.001), False


def about():
    _, fused = adam_of([nn.Parameter(torch.zeros(1))])
    torch.mm(torch.zeros(2, 2), torch.zeros(2, 2))  # loads OpenBLAS
    return {"torch": torch.__version__, "fused": fused}


def peak_mb():
    kilobytes = re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)
    return int(kilobytes) * 1.024e-3


class Program:
    def __init__(self, folder, system, precision, threads):
        torch.set_num_threads(threads)
        torch.set_flush_denormal(True)
        torch.manual_seed(1)
        self.folder = folder
        self.half = precision == "bfloat16"
        sizes = ids(open(folder + "/sizes.txt").read())
        self.model = Seq2Seq(system.split("+")[0], system.endswith("+feed"), sizes, 0.3)
        pairs = []
        for line in open(folder + "/batches.txt"):
            number, source, target = line.rstrip("\n").split("\t")
            if int(number) == len(pairs):
                pairs.append(([], []))
            pairs[-1][0].append(ids(source))
            pairs[-1][1].append(ids(target))
        self.pairs = pairs
        self.test = [ids(line) for line in open(folder + "/test.txt")]

    def take(self, name):
        self.model.take(safetensors(self.folder + "/" + name + ".safetensors"))

    def steps(self, count):
        """Yields seconds, target tokens and loss of each step, beginning with the first batch."""
        model = self.model
        trained = [p for p in model.parameters() if p.requires_grad]
        adam, _ = adam_of(trained)
        for sources, targets in self.pairs[:count]:
            begin = time.perf_counter()
            batch = Batch(sources, targets)
            adam.zero_grad(set_to_none=True)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.half):
                loss = model(batch)
            (loss / len(sources)).backward()
            nn.utils.clip_grad_norm_(trained, 5.0)
            adam.step()
            value = loss.item()
            yield time.perf_counter() - begin, batch.tokens, value / batch.tokens

    def losses(self, count):
        self.take("initial")
        self.model.eval()  # no dropout
        return {"losses": [loss for _, _, loss in self.steps(count)]}

    def train(self, count):
        self.take("initial")
        self.model.train()
        done = list(self.steps(count))
        return {"seconds": [step[0] for step in done], "tokens": [step[1] for step in done]}

    def decode(self, K):
        self.take("trained")
        self.model.eval()
        results = [None] * len(self.test)
        begin = time.perf_counter()
        order = sorted(range(len(self.test)), key=lambda i: -len(self.test[i]))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.half):
            for first in range(0, len(order), BATCH):
                some = order[first:first + BATCH]
                batch = Batch([self.test[i] for i in some])
                found = greedy(self.model, batch) if K == 1 else beam_search(self.model, batch, K)
                for place, words in zip(batch.order, found):
                    results[some[place]] = words
        seconds = time.perf_counter() - begin
        precision = "bfloat16" if self.half else "float32"
        with open("%s/torch.%s.%d.txt" % (self.folder, precision, K), "w") as out:
            out.writelines(" ".join(map(str, words)) + "\n" for words in results)
        return {"seconds": seconds, "sentences": len(results)}

    def memory(self):
        return {"peak_mb": peak_mb()}


def main():
    if sys.argv[1:] == ["about"]:
        print(json.dumps(about()))
        return
    if len(sys.argv) != 5:
        sys.exit("error: seq2seq_torch.py FOLDER SYSTEM float32|bfloat16 THREADS, or about")
    folder, system, precision, threads = sys.argv[1:]
    program = Program(folder, system, precision, int(threads))
    for line in sys.stdin:
        command, *numbers = line.split()
        print(json.dumps(getattr(program, command)(*map(int, numbers))), flush=True)


if __name__ == "__main__":
    main()
