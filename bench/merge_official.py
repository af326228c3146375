"""Times the merge of FC3 the way the papers describe it: the identity matrix through a convolution, in PyTorch.

Reads a JSON list of cases from standard input, each {"O", "channels", "groups", "h", "w", "kernels", "perElement", "repetitions"},
and prints a JSON list of median milliseconds. Same work as mergeBlock: BN into FC3 and every conv, pad, add, conv to FC, add, biases.
"""

import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F


def batch_norm(n):
    return torch.rand(n) + 0.5, torch.randn(n), torch.randn(n), torch.rand(n) + 0.5


def fold(weight, norm):
    gamma, beta, mean, variance = norm
    scale = gamma / (variance + 1e-5).sqrt()
    return weight * scale.reshape(-1, 1, 1, 1), beta - mean * scale


def conv_to_fc(kernel, bias, channels, groups, h, w):
    columns = channels * h * w
    identity = torch.eye(columns).repeat(1, groups).reshape(columns, groups * channels, h, w)
    out = F.conv2d(identity, kernel, padding=kernel.size(2) // 2, groups=groups)
    return out.reshape(columns, -1).t(), bias.repeat_interleave(h * w)


def merge(case, weight, fc_norm, convs):
    h, w, out = case["h"], case["w"], case["O"]
    repeat = 1 if case["perElement"] else h * w
    fc, fc_bias = fold(weight, tuple(v.repeat_interleave(repeat) for v in fc_norm))
    largest = max(case["kernels"])
    total, bias = 0, 0
    for size, (kernel, norm) in zip(case["kernels"], convs):
        kernel, kernel_bias = fold(kernel, norm)
        total = total + F.pad(kernel, [(largest - size) // 2] * 4)
        bias = bias + kernel_bias
    matrix, conv_bias = conv_to_fc(total, bias, case["channels"], case["groups"], h, w)
    return fc + matrix.reshape_as(fc), fc_bias + conv_bias


def measure(case):
    rows, columns = case["O"] * case["h"] * case["w"], case["channels"] * case["h"] * case["w"]
    weight = torch.randn(rows, columns, 1, 1)
    fc_norm = batch_norm(rows if case["perElement"] else case["O"])
    convs = [(torch.randn(case["O"], case["channels"], k, k), batch_norm(case["O"])) for k in case["kernels"]]
    times = []
    with torch.no_grad():
        for _ in range(case["repetitions"]):
            start = time.perf_counter()
            merge(case, weight, fc_norm, convs)
            times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


if __name__ == "__main__":
    print(json.dumps([measure(case) for case in json.load(sys.stdin)]))
