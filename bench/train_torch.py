"""PyTorch's side of the training benchmark: the three-stage network, a step with SGD or AdamW.

python3 train_torch.py [grouped|matmul] THREADS BATCH STEPS [sgd|adamw]
grouped: FC3 and the conv branches as grouped convolutions, the formulation of the official code.
matmul:  FC3 as one batched matrix product over the groups; the conv branches stay grouped convolutions.
toeplitz: the conv branches too, their kernels spread into FC matrices by a constant 0/1 matrix.
Prints one JSON line: wall and processor seconds of every step, GFLOP/s of one matrix product, and the BLAS that made it.
"""
import json
import os
import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


def spreading(K, h, w):
    """(K*K, h*w*h*w): which tap joins input pixel and output pixel."""
    table = torch.zeros(K * K, h * w, h * w)
    reach = K // 2
    for y in range(h):
        for x in range(w):
            for i in range(max(0, y - reach), min(h, y + reach + 1)):
                for j in range(max(0, x - reach), min(w, x + reach + 1)):
                    table[(i - y + reach) * K + j - x + reach, y * w + x, i * w + j] = 1
    return table.reshape(K * K, -1)


class Block(nn.Module):
    def __init__(self, C, size, h, kernels, groups, formulation):
        super().__init__()
        self.C, self.size, self.h, self.groups, self.formulation = C, size, h, groups, formulation
        self.parts = (size // h) ** 2
        if self.parts > 1:
            self.average_bn = nn.BatchNorm2d(C)
            self.fc1 = nn.Linear(C * self.parts, C * self.parts // 4)
            self.fc2 = nn.Linear(C * self.parts // 4, C * self.parts)
        self.fc3 = nn.Conv2d(C * h * h, C * h * h, 1, groups=groups, bias=False)
        self.fc3_bn = nn.BatchNorm1d(C * h * h)
        self.convs = nn.ModuleList(nn.Conv2d(C, C, K, padding=K // 2, groups=groups, bias=False) for K in kernels)
        self.bns = nn.ModuleList(nn.BatchNorm2d(C) for _ in kernels)
        self.tables = [spreading(K, h, h) for K in kernels] if formulation == 'toeplitz' else None

    def forward(self, x):
        C, h, n = self.C, self.h, self.size // self.h
        if self.parts > 1:
            v = F.relu(self.fc1(self.average_bn(F.avg_pool2d(x, h)).reshape(-1, C * self.parts)))
            v = self.fc2(v).reshape(-1, C, n, 1, n, 1)
            x = x.reshape(-1, C, n, h, n, h) + v
            x = x.permute(0, 2, 4, 1, 3, 5)
        x = x.reshape(-1, C, h, h)
        y = self.product(x, self.fc3.weight)
        y = self.fc3_bn(y.reshape(-1, C * h * h)).reshape(-1, C, h, h)
        for i, (conv, bn) in enumerate(zip(self.convs, self.bns)):
            y = y + bn(self.product(x, self.spread(conv.weight, self.tables[i])) if self.tables else conv(x))
        if self.parts > 1:
            y = y.reshape(-1, n, n, C, h, h).permute(0, 3, 1, 4, 2, 5).reshape(-1, C, self.size, self.size)
        return y

    def product(self, x, weight):
        B, C, h, g = x.shape[0], self.C, self.h, self.groups
        if self.formulation == 'grouped':
            return F.conv2d(x.reshape(B, C * h * h, 1, 1), weight, groups=g).reshape(B, C, h, h)
        rows = x.reshape(B, g, -1).transpose(0, 1)
        return torch.bmm(rows, weight.reshape(g, -1, rows.shape[2]).transpose(1, 2)).transpose(0, 1).reshape(B, C, h, h)

    def spread(self, weight, table):
        O, I, area = weight.shape[0], weight.shape[1], self.h * self.h
        full = weight.reshape(O * I, -1) @ table
        return full.reshape(O, I, area, area).permute(0, 2, 1, 3).reshape(self.groups, O // self.groups * area, I * area)


def pointwise(C, O):
    return nn.Sequential(nn.Conv2d(C, O, 1, bias=False), nn.BatchNorm2d(O), nn.ReLU())


def network(formulation):
    layers = [pointwise(3, 16)]
    for i, C in enumerate([16, 32, 64]):
        layers += [Block(C, 32 >> i, 8, [1, 3, 5], C // 8, formulation), nn.ReLU(), pointwise(C, C)]
        if i < 2:
            layers += [nn.MaxPool2d(2), pointwise(C, 2 * C)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def product_speed(n=512):
    a, seconds = torch.randn(n, n), []
    for _ in range(4):
        start = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - start)
    return 2 * n ** 3 / min(seconds) / 1e9


def blas():
    """The BLAS in use: the library this process has mapped (Linux), else what PyTorch was built with."""
    if os.path.exists('/proc/self/maps'):
        with open('/proc/self/maps') as maps:
            paths = {os.path.realpath(line.split()[-1]) for line in maps if re.search(r'/lib[^/]*(blas|mkl_rt|mkl_core|blis)[^/]*$', line, re.I)}
        if paths:
            return ', '.join(sorted(paths))
    built = re.search(r'BLAS_INFO=(\w+)', torch.__config__.show())
    return built.group(1) if built else 'unknown'


def main(formulation='grouped', threads='2', batch='64', steps='3', optimizer='sgd'):
    torch.manual_seed(1)
    torch.set_num_threads(int(threads))
    model = network(formulation)
    rate = {'sgd': torch.optim.SGD, 'adamw': torch.optim.AdamW}[optimizer]
    options = {'momentum': 0.9, 'weight_decay': 1e-4} if optimizer == 'sgd' else {'weight_decay': 0.05}
    optimizer = rate(model.parameters(), lr=0.01, **options)
    x, y = torch.randn(int(batch), 3, 32, 32), torch.arange(int(batch)) % 10
    wall, cpu = [], []
    for _ in range(int(steps) + 1):
        start = (time.perf_counter(), time.process_time())
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        loss.item()
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    print(json.dumps({'torch': torch.__version__, 'threads': int(threads), 'wall': wall[1:], 'cpu': cpu[1:], 'gflops': product_speed(), 'blas': blas()}))


if __name__ == '__main__':
    main(*sys.argv[1:])
