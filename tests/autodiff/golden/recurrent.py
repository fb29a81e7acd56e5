"""Writes recurrent.h: PyTorch's results, in double, for a GRU over padded sequences in both directions and for layer normalisation.

    python3 tests/autodiff/golden/recurrent.py > tests/autodiff/golden/recurrent.h

The inputs are formulas, so that the C++ test can make the same ones: the i-th number of tensor k is sin(1.7 i + k).
Written with PyTorch 1.13.
"""
import torch

B, T, E, H = 3, 4, 3, 2
LENGTHS = [2, 4, 1]


def tensor(k, *shape):
    count = torch.Size(shape).numel()
    return torch.sin(1.7 * torch.arange(count, dtype=torch.float64) + k).reshape(shape).requires_grad_()


def write(name, values):
    numbers = ", ".join(repr(v) for v in values.detach().flatten().tolist())
    print(f"inline const std::vector<double> {name} = {{{numbers}}};")


def gru(direction):
    x, W_x, W_h, b_x, b_h, h_0 = (tensor(0, B, T, E), tensor(1, 3 * H, E), tensor(2, 3 * H, H), tensor(3, 3 * H),
                                  tensor(4, 3 * H), tensor(5, B, H))
    rows, last = [], []
    for b, length in enumerate(LENGTHS):  # one sentence and one step at a time, from its own first or last position
        state, steps = h_0[b : b + 1], [torch.zeros(1, H, dtype=torch.float64)] * T
        for t in range(length) if direction == "forward" else reversed(range(length)):
            state = torch.gru_cell(x[b, t : t + 1], state, W_x, W_h, b_x, b_h)
            steps[t] = state
        rows.append(torch.cat(steps))
        last.append(state)
    h, h_n = torch.stack(rows), torch.stack(last, 1)
    ((h * tensor(6, B, T, H).detach()).sum() + (h_n[0] * tensor(7, B, H).detach()).sum()).backward()
    write(f"kGru_{direction}_h", h)
    write(f"kGru_{direction}_h_n", h_n)
    for name, leaf in zip(["dx", "dW_x", "dW_h", "db_x", "db_h", "dh_0"], [x, W_x, W_h, b_x, b_h, h_0]):
        write(f"kGru_{direction}_{name}", leaf.grad)


def layer_norm():
    x, gain, bias = tensor(0, 3, 5), tensor(1, 5), tensor(2, 5)
    y = torch.nn.functional.layer_norm(x, (5,), gain, bias)
    (y * tensor(3, 3, 5).detach()).sum().backward()
    write("kLayerNorm_y", y)
    for name, leaf in zip(["dx", "d_gain", "d_bias"], [x, gain, bias]):
        write(f"kLayerNorm_{name}", leaf.grad)


print("#pragma once")
print("// Written by recurrent.py beside this file, with PyTorch; do not edit.")
print("#include <vector>\n")
print("// clang-format off")
print("namespace regard::golden {\n")
gru("forward")
gru("backward")
layer_norm()
print("\n}  // namespace regard::golden")
