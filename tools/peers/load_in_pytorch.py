#!/usr/bin/python3
"""Rebuilds the model of a regard run in PyTorch from its folder, and compares it with regard's own numbers.

    regard dump FOLDER SYSTEM --seed 1 --out dump.safetensors
    tools/peers/load_in_pytorch.py FOLDER SYSTEM --seed 1 --dump dump.safetensors

prints the largest difference of logits, attention weights, loss and gradients on that batch, and exits with 1 if one of them
is larger than rounding explains. Without --dump it only prints the number of parameters.

From another program: `model = load(FOLDER, SYSTEM, seed)` is a torch.nn.Module in double precision.
`model(source, source_lengths, target_in)` returns logits [B, T, V] and weights [B, T, S]; `model.gradients()` returns the
gradients of its parameters by regard's names. It is written to be compared with the papers, not to be fast: PyTorch's own LSTM
and GRU, one decoder step after the other. Needs PyTorch, NumPy and PyYAML.
"""
import argparse
import json
import os
import struct
import sys

import numpy
import torch
import yaml
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

EOS = 3


def read_safetensors(path):
    """Returns name -> tensor, in double."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    types = {"F32": numpy.float32, "F64": numpy.float64}
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        numbers = numpy.frombuffer(data[8 + length + begin : 8 + length + end], types[entry["dtype"]])
        tensors[name] = torch.from_numpy(numbers.astype(numpy.float64)).reshape(entry["shape"])
    return tensors


def refuse(message):
    sys.exit("error: " + message)


class Model(nn.Module):
    """`options` is the model section of a resolved plan, `tensors` the parameters by regard's names."""

    def __init__(self, options, tensors):
        super().__init__()
        torch.set_default_dtype(torch.float64)
        self.options, self.left, self.places = options, dict(tensors), {}
        encoder, decoder = options["encoder"], options["decoder"]
        self.lstm = options["cell"] == "lstm"
        E, H = options["embedding"], options["hidden"]
        key = encoder["hidden"] or H
        readout = decoder["readout_size"] or H
        attention = options["attention"]
        self.attention = attention if isinstance(attention, str) else attention["type"]
        self.identity = not isinstance(attention, str) and attention.get("keys") == "identity"  # of concat
        tied = options["tied_embeddings"]

        # ---- encoder
        self.source = self.embedding("encoder/embedding/W")
        directions = 2 if encoder["bidirectional"] else 1
        self.encoder, self.encoder_norms = nn.ModuleList(), nn.ModuleList()
        for at in range(encoder["layers"]):
            name, width = f"encoder/layer{at}", key if at else E
            kind = nn.LSTM if self.lstm else nn.GRU
            rnn = kind(width, key // directions, batch_first=True, bidirectional=directions == 2)
            for way, suffix in (("forward", "_l0"), ("backward", "_l0_reverse"))[:directions]:
                self.put_cell(rnn, f"{name}/{way}", suffix, ["W_x"])
            self.encoder.append(rnn)
            self.encoder_norms.append(self.norm(name, width))

        # ---- decoder
        self.target = self.source if tied == "all" else self.embedding("decoder/embedding/W")
        sees = self.attention != "none" or decoder["final_state"] == "every_step"
        self.enters = sees and decoder["order"] == "bahdanau"  # the context, into the cell
        self.feeds = decoder["input_feeding"]
        self.cells, self.decoder_norms = nn.ModuleList(), nn.ModuleList()
        for at in range(decoder["layers"]):
            name, width = f"decoder/layer{at}", H if at else E
            parts = ["W_x"]
            extra = 0
            if at == 0 and self.enters:
                parts.append("context/W")
                extra += key
            if at == 0 and self.feeds:
                parts.append("feed/W")
                extra += readout
            cell = (nn.LSTMCell if self.lstm else nn.GRUCell)(width + extra, H)
            self.put_cell(cell, name, "", parts)
            self.cells.append(cell)
            self.decoder_norms.append(self.norm(name, width))
        self.bridges = nn.ModuleDict()
        if decoder["bridge"] in ("linear", "mean"):
            for at in range(decoder["layers"]):
                for part in "hc" if self.lstm else "h":
                    self.bridges[f"{at}{part}"] = self.linear(f"decoder/bridge/layer{at}/{part}", bias=True)
        parts = {"dot": [], "scaled_dot": [], "general": ["W_a"], "location": ["W_a"],
                 "concat": ["W_q", "v_a"] if self.identity else ["W_q", "W_k", "v_a"],
                 "multi_head": ["W_q", "W_k", "W_v", "W_o"], "coverage": ["W_q", "W_k", "v_a", "V_a", "U_f"]}
        given = attention if isinstance(attention, dict) else {}
        self.inner = given.get("score", "general") if self.attention in ("local_m", "local_p") else self.attention
        parts["none"], parts["local_m"] = [], parts.get(self.inner, [])
        parts["local_p"] = parts["local_m"] + ["W_p", "v_p"]
        if self.attention not in parts:
            refuse(f"attention '{self.attention}' is not known here; known: {', '.join(sorted(parts))}")
        self.D = given.get("D", 10)
        self.heads = given.get("heads", 4)
        self.fertility = given.get("fertility", 2.0)
        self.score = nn.ParameterDict(
            {part: self.parameter("decoder/attention/" + part) for part in parts[self.attention]})
        self.read = None
        if decoder["readout"] != "attentional":
            self.read = self.linear("decoder/readout", bias=True)
        elif sees or readout != H:
            self.read = self.linear("decoder/W_c", bias=False)
        self.output_W = self.target.weight if tied != "none" else self.parameter("output/W")
        self.output_b = self.parameter("output/b")
        if self.left:
            refuse("parameters that this model has not: " + ", ".join(self.left))

    # ---- parameters -------------------------------------------------------------------------------------------------
    def take(self, name):
        if name not in self.left:
            refuse(f"the checkpoint has no parameter '{name}'")
        return self.left.pop(name)

    def put(self, parameter, name, begin=0):
        """Copies a tensor of regard into a parameter, or into some of its columns."""
        value = self.take(name)
        columns = slice(begin, begin + value.shape[-1])
        with torch.no_grad():
            parameter[..., columns].copy_(value.reshape(parameter[..., columns].shape))
        self.places[name] = (parameter, columns, value.shape)
        return begin + value.shape[-1]

    def parameter(self, name):
        made = nn.Parameter(torch.empty(self.left[name].shape))
        self.put(made, name)
        return made

    def embedding(self, name):
        made = nn.Embedding(*self.left[name].shape)
        self.put(made.weight, name)
        return made

    def linear(self, name, bias):
        rows, cols = self.left[name + "/W"].shape
        made = nn.Linear(cols, rows, bias=bias)
        self.put(made.weight, name + "/W")
        if bias:
            self.put(made.bias, name + "/b")
        return made

    def norm(self, name, width):
        if not self.options["layer_norm"]:
            return nn.Identity()
        made = nn.LayerNorm(width, eps=1e-5)
        self.put(made.weight, name + "/norm/gain")
        self.put(made.bias, name + "/norm/b")
        return made

    def put_cell(self, cell, name, suffix, parts):
        """Copies a cell. `parts` are the matrices of its inputs, side by side. PyTorch's second LSTM bias becomes zero."""
        at = 0
        for part in parts:
            at = self.put(getattr(cell, "weight_ih" + suffix), f"{name}/{part}", at)
        self.put(getattr(cell, "weight_hh" + suffix), name + "/W_h")
        self.put(getattr(cell, "bias_ih" + suffix), name + ("/b" if self.lstm else "/b_x"))
        if self.lstm:
            nn.init.zeros_(getattr(cell, "bias_hh" + suffix)).requires_grad_(False)
        else:
            self.put(getattr(cell, "bias_hh" + suffix), name + "/b_h")

    def gradients(self):
        """Returns the gradients of the last backward, by regard's names."""
        return {name: (torch.zeros_like(p) if p.grad is None else p.grad)[..., columns].reshape(shape)
                for name, (p, columns, shape) in self.places.items()}

    # ---- the model --------------------------------------------------------------------------------------------------
    def encode(self, source, lengths):
        """Returns states [B, S, key], their mean over each sentence, and for each layer its final states [B, key]."""
        B, S = source.shape
        places = torch.arange(S).repeat(B, 1)
        if self.options["encoder"]["reverse_source"]:  # all words but </s>, which stays at the end
            for b, length in enumerate(lengths.tolist()):
                places[b, : length - 1] = torch.arange(length - 2, -1, -1)
        x = self.source(source.gather(1, places))
        finals = []
        for at, (rnn, norm) in enumerate(zip(self.encoder, self.encoder_norms)):
            packed = pack_padded_sequence(norm(x), lengths, batch_first=True, enforce_sorted=False)
            packed, last = rnn(packed)
            h, _ = pad_packed_sequence(packed, batch_first=True, total_length=S)
            x = x + h if self.options["residual"] and at > 0 else h
            finals.append([torch.cat(list(state), 1) for state in (last if self.lstm else [last])])
        states = x.gather(1, places.unsqueeze(2).expand_as(x))
        real = (torch.arange(S) < lengths[:, None]).to(x.dtype)
        mean = (states * real.unsqueeze(2)).sum(1) / lengths[:, None]
        return states, mean, finals

    def first_states(self, mean, finals):
        kind = self.options["decoder"]["bridge"]
        states = []
        for at in range(len(self.cells)):
            state = []
            for i, part in enumerate("hc" if self.lstm else "h"):
                if kind == "copy":
                    state.append(finals[at][i])
                elif kind == "zero":
                    state.append(torch.zeros(mean.shape[0], self.options["hidden"]))
                else:
                    state.append(torch.tanh(self.bridges[f"{at}{part}"](finals[-1][i] if kind == "linear" else mean)))
            states.append(state)
        return states

    def energies(self, score, h, states):
        """Returns the energies [B, S] of h [B, H] and states [B, S, key]."""
        if score == "dot":
            return torch.einsum("bh,bsh->bs", h, states)
        if score == "scaled_dot":
            return torch.einsum("bh,bsh->bs", h, states) / h.shape[1] ** 0.5
        if score == "general":
            return torch.einsum("bh,hk,bsk->bs", h, self.score["W_a"], states)
        if score == "location":
            reached = min(states.shape[1], self.score["W_a"].shape[0])
            behind = torch.full((h.shape[0], states.shape[1] - reached), -float("inf"))
            return torch.cat([h @ self.score["W_a"][:reached].T, behind], 1)
        keys = states if self.identity else states @ self.score["W_k"].T
        if score == "coverage":
            keys = keys + self.covered.unsqueeze(2) * self.score["V_a"]
        return torch.tanh((h @ self.score["W_q"].T).unsqueeze(1) + keys) @ self.score["v_a"]

    def attend(self, h, states, lengths, t):
        """Returns the weighted sum of the states for h [B, H] at step t, and the weights [B, S]."""
        if self.attention == "coverage" and t == 0:
            self.covered = torch.zeros(states.shape[:2])
        places = torch.arange(states.shape[1], dtype=states.dtype)
        real = places < lengths[:, None]
        if self.attention == "multi_head":
            return self.attend_with_heads(h, states, real)
        energies = self.energies(self.inner, h, states)
        centre = torch.minimum(torch.tensor(t), lengths - 1)[:, None].to(states.dtype)  # of local_m
        if self.attention == "local_p":
            inner = torch.tanh(h @ self.score["W_p"].T) @ self.score["v_p"].reshape(-1)
            centre = (lengths * torch.sigmoid(inner))[:, None]
        near = real & ((places - centre).abs() <= self.D) if self.attention in ("local_m", "local_p") else real
        weights = torch.softmax(energies.masked_fill(~near, -float("inf")), 1)
        if self.attention == "local_p":
            weights = weights * torch.exp(-((places - centre) ** 2) / (2 * (self.D / 2) ** 2))
        if self.attention == "coverage":
            expected = self.fertility * torch.sigmoid(states @ self.score["U_f"].reshape(-1)) + 1e-6
            self.covered = self.covered + weights / expected
        return torch.einsum("bs,bsk->bk", weights, states), weights

    def attend_with_heads(self, h, states, real):
        B, S, n = states.shape[0], states.shape[1], self.heads
        query = (h @ self.score["W_q"].T).view(B, n, -1)
        keys = (states @ self.score["W_k"].T).view(B, S, n, -1)
        values = (states @ self.score["W_v"].T).view(B, S, n, -1)
        energies = torch.einsum("bnd,bsnd->bns", query, keys) / query.shape[2] ** 0.5
        weights = torch.softmax(energies.masked_fill(~real[:, None], -float("inf")), 2)
        context = torch.einsum("bns,bsnd->bnd", weights, values).reshape(B, -1) @ self.score["W_o"].T
        return context, weights.mean(1)

    def readout(self, context, h, y):
        if self.read is None:
            return h
        kind = self.options["decoder"]["readout"]
        parts = ([] if context is None else [context]) + [h] + ([] if kind == "attentional" else [y])
        sums = self.read(torch.cat(parts, 1))
        return sums.view(*sums.shape[:-1], -1, 2).max(-1).values if kind == "maxout" else torch.tanh(sums)

    def forward(self, source, source_lengths, target_in):
        states, mean, finals = self.encode(source, source_lengths)
        cells = self.first_states(mean, finals)
        decoder = self.options["decoder"]
        has_attention = self.attention != "none"
        context = finals[-1][0] if not has_attention and decoder["final_state"] == "every_step" else None
        feed = torch.zeros(source.shape[0], decoder["readout_size"] or self.options["hidden"])
        all_logits, all_weights = [], []
        for t in range(target_in.shape[1]):
            y = self.target(target_in[:, t])
            if has_attention and self.enters:
                context, weights = self.attend(cells[-1][0], states, source_lengths, t)
            below = y
            for at, (cell, norm) in enumerate(zip(self.cells, self.decoder_norms)):
                parts = [norm(below)]
                if at == 0 and self.enters:
                    parts.append(context)
                if at == 0 and self.feeds:
                    parts.append(feed)
                new = cell(torch.cat(parts, 1), tuple(cells[at]) if self.lstm else cells[at][0])
                cells[at] = list(new) if self.lstm else [new]
                h = cells[at][0]
                below = below + h if self.options["residual"] and at > 0 else h
            if has_attention and not self.enters:
                context, weights = self.attend(below, states, source_lengths, t)
            feed = self.readout(context, below, y)
            all_logits.append(feed @ self.output_W.T + self.output_b)
            if has_attention:
                all_weights.append(weights)
        return torch.stack(all_logits, 1), torch.stack(all_weights, 1) if has_attention else None

    def loss(self, logits, target_out, target_lengths):
        """Returns the sum of -log p over the real target words, in nats, and their logits."""
        real = torch.arange(logits.shape[1]) < target_lengths[:, None]
        return nn.functional.cross_entropy(logits[real], target_out[real], reduction="sum"), logits[real]


def load(folder, system, seed=1):
    run = os.path.join(folder, system, f"seed-{seed}")
    with open(os.path.join(run, "run.yaml")) as file:
        options = yaml.safe_load(file)["model"]
    return Model(options, read_safetensors(os.path.join(run, "checkpoints", "best.safetensors")))


def compare(model, dump):
    """Returns for each quantity, by name, its largest difference and the size that it is compared with."""
    ids = {name: dump["batch/" + name].long() for name in
           ("source", "source_lengths", "target_in", "target_out", "target_lengths")}
    logits, weights = model(ids["source"], ids["source_lengths"], ids["target_in"])
    loss, real = model.loss(logits, ids["target_out"], ids["target_lengths"])
    loss.backward()
    found = {"logits": ((real - dump["logits"]).abs().max().item(), dump["logits"].abs().max().item()),
             "loss": (abs(loss.item() - dump["loss"].item()), abs(dump["loss"].item()))}
    if weights is not None:
        here = torch.arange(ids["target_in"].shape[1]) < ids["target_lengths"][:, None]
        found["weights"] = ((weights - dump["weights"])[here].abs().max().item(), 1.0)
    worst = (0.0, 1.0, "")
    for name, gradient in model.gradients().items():
        other = dump["gradients/" + name]
        worst = max(worst, ((gradient - other).abs().max().item(), max(1.0, other.abs().max().item()), name),
                    key=lambda one: one[0] / one[1])
    found[f"gradients (most: {worst[2]})"] = worst[:2]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("system")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dump", help="the file that `regard dump` wrote for the same run")
    arguments = parser.parse_args()
    model = load(arguments.folder, arguments.system, arguments.seed)
    print(f"{sum(torch.Size(shape).numel() for _, _, shape in model.places.values())} parameters")
    if not arguments.dump:
        return 0
    allowed = 1e-9
    differs = False
    for name, (difference, size) in compare(model, read_safetensors(arguments.dump)).items():
        print(f"{name}: largest difference {difference:.2e} of {size:.4g}")
        differs = differs or not difference <= allowed * max(1.0, size)
    if differs:
        print(f"error: more than {allowed} of the size differs")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
