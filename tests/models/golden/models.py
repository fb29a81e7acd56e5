"""Writes models.h: loss, logits and gradients of small models as PyTorch computes them, in double.

    python3 tests/models/golden/models.py > tests/models/golden/models.h

The models are those of tools/peers/load_in_pytorch.py. Number i of the k-th parameter, in the order of their names, is
0.6 sin(1.7 i + k); the batch stands in golden_test.cpp too. Of each tensor the sum of its numbers times cos(0.3 i) is
kept. Written with PyTorch 1.13.
"""
import os
import sys

import torch

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../tools/peers"))
from load_in_pytorch import Model  # noqa: E402

V, E, H = 7, 3, 4
SOURCE = torch.tensor([[4, 5, 6, 3], [6, 4, 3, 0]])
SOURCE_LENGTHS = torch.tensor([4, 3])
TARGET_IN = torch.tensor([[2, 5, 4, 6], [2, 4, 0, 0]])
TARGET_OUT = torch.tensor([[5, 4, 6, 3], [4, 3, 0, 0]])
TARGET_LENGTHS = torch.tensor([4, 2])


class Shapes(dict):
    """The parameters that a model asks for, made as it asks: names and shapes follow from the options."""

    def __init__(self, options):
        super().__init__()
        encoder, decoder = options["encoder"], options["decoder"]
        gates = 4 if options["cell"] == "lstm" else 3
        directions = ["forward", "backward"] if encoder["bidirectional"] else ["forward"]
        readout = decoder["readout_size"] or H
        attention = options["attention"]
        sees = attention != "none" or decoder["final_state"] == "every_step"

        def cell(name, width, hidden):
            self[name + "/W_x"] = (gates * hidden, width)
            self[name + "/W_h"] = (gates * hidden, hidden)
            for bias in ["b"] if gates == 4 else ["b_x", "b_h"]:
                self[f"{name}/{bias}"] = (gates * hidden,)

        def norm(name, width):
            if options["layer_norm"]:
                self[name + "/norm/gain"] = self[name + "/norm/b"] = (width,)

        self["encoder/embedding/W"] = (V, E)
        for at in range(encoder["layers"]):
            for way in directions:
                cell(f"encoder/layer{at}/{way}", H if at else E, H // len(directions))
            norm(f"encoder/layer{at}", H if at else E)
        if options["tied_embeddings"] != "all":
            self["decoder/embedding/W"] = (V, E)
        for at in range(decoder["layers"]):
            cell(f"decoder/layer{at}", H if at else E, H)
            norm(f"decoder/layer{at}", H if at else E)
        if sees and decoder["order"] == "bahdanau":
            self["decoder/layer0/context/W"] = (gates * H, H)
        if decoder["input_feeding"]:
            self["decoder/layer0/feed/W"] = (gates * H, readout)
        if decoder["bridge"] in ("linear", "mean"):
            for at in range(decoder["layers"]):
                for part in "hc" if gates == 4 else "h":
                    self[f"decoder/bridge/layer{at}/{part}/W"] = (H, H)
                    self[f"decoder/bridge/layer{at}/{part}/b"] = (H,)
        if attention == "general":
            self["decoder/attention/W_a"] = (H, H)
        if attention == "concat":
            self["decoder/attention/W_q"] = self["decoder/attention/W_k"] = (H, H)
            self["decoder/attention/v_a"] = (H,)
        if decoder["readout"] != "attentional":
            rows = readout * (2 if decoder["readout"] == "maxout" else 1)
            self["decoder/readout/W"] = (rows, (H if sees else 0) + H + E)
            self["decoder/readout/b"] = (rows,)
        elif sees or readout != H:
            self["decoder/W_c/W"] = (readout, (H if sees else 0) + H)
        if options["tied_embeddings"] == "none":
            self["output/W"] = (V, readout)
        self["output/b"] = (V,)


def numbers(options):
    tensors = {}
    for k, (name, shape) in enumerate(sorted(Shapes(options).items())):
        count = torch.Size(shape).numel()
        tensors[name] = 0.6 * torch.sin(1.7 * torch.arange(count, dtype=torch.float64) + k).reshape(shape)
    return tensors


def kept(tensor):
    flat = tensor.detach().flatten()
    return (flat * torch.cos(0.3 * torch.arange(flat.numel(), dtype=torch.float64))).sum().item()


def options_of(cell="lstm", layers=1, bidirectional=True, reverse=False, order="luong", feeding=False,
               readout="attentional", readout_size=0, bridge="copy", final_state="init", residual=False,
               layer_norm=False, tied="none", attention="none"):
    return {"cell": cell, "embedding": E, "hidden": H, "residual": residual, "layer_norm": layer_norm,
            "tied_embeddings": tied, "attention": attention,
            "encoder": {"layers": layers, "hidden": 0, "bidirectional": bidirectional, "reverse_source": reverse},
            "decoder": {"order": order, "layers": layers, "input_feeding": feeding, "readout": readout,
                        "readout_size": readout_size, "bridge": bridge, "final_state": final_state}}


def write(what):
    options = options_of(**what)
    model = Model(options, numbers(options))
    logits, weights = model(SOURCE, SOURCE_LENGTHS, TARGET_IN)
    loss, real = model.loss(logits, TARGET_OUT, TARGET_LENGTHS)
    loss.backward()
    gradients = ", ".join(repr(kept(g)) for _, g in sorted(model.gradients().items()))
    fields = {"cell": "Cell", "order": "Order", "readout": "ReadoutKind", "bridge": "Bridge", "final_state": "FinalState",
              "tied": "Tied"}
    members = []
    for key in ("cell", "layers", "bidirectional", "reverse", "order", "feeding", "readout", "readout_size", "bridge",
                "final_state", "residual", "layer_norm", "tied", "attention"):
        if key not in what:
            continue
        value = what[key]
        if key in fields:
            text = f"models::{fields[key]}::{value}"
        elif key == "attention":
            text = f'"{value}"'
        else:
            text = str(value).lower()
        members.append(f".{key} = {text}")
    print("    {{" + ", ".join(members) + "},")
    print(f"     {loss.item()!r}, {kept(real)!r}, {{{gradients}}}}},")


def main():
    print("#pragma once")
    print("// Written by models.py beside this file, with PyTorch; not to be edited.")
    print("#include <vector>\n")
    print('#include "tests/models/golden/golden_model.h"\n')
    print("// clang-format off")
    print("namespace regard::golden {\n")
    print("inline const std::vector<GoldenModel> kModels = {")
    for cell in ("lstm", "gru"):
        for bidirectional in (False, True):
            for attention in ("none", "dot", "general", "concat"):
                for order in ("luong", "bahdanau"):
                    write({"cell": cell, "bidirectional": bidirectional, "order": order, "feeding": cell == "gru",
                           "readout": "attentional" if order == "luong" else "maxout",
                           "final_state": "every_step" if attention == "none" and order == "bahdanau" else "init",
                           "attention": attention})
    for cell in ("lstm", "gru"):
        write({"cell": cell, "layers": 2, "bridge": "linear", "residual": True, "layer_norm": True, "readout": "tanh",
               "feeding": True, "attention": "general"})
        write({"cell": cell, "layers": 2, "bidirectional": False, "reverse": True, "final_state": "every_step"})
        write({"cell": cell, "order": "bahdanau", "bridge": "mean", "readout": "tanh", "readout_size": E,
               "tied": "all", "attention": "concat"})
        write({"cell": cell, "bridge": "zero", "readout_size": E, "tied": "target", "attention": "dot"})
        write({"cell": cell, "attention": "scaled_dot"})
    print("};\n")
    print("}  // namespace regard::golden")


main()
