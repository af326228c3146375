"""Computes losses.json with PyTorch's own functions, in double precision: `python3 make_losses.py > losses.json`."""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)

SCALE, MARGIN, AUXILIARY = 30.0, 0.35, 0.4


def flat(tensor):
    """Values rounded to float32, so that the test and this script start from the same numbers."""
    return [float(v) for v in tensor.detach().float().reshape(-1)]


def exact(tensor):
    return [float(v) for v in tensor.detach().reshape(-1)]


def leaf(*shape):
    return torch.randn(*shape).float().double().requires_grad_()


def am_softmax():
    """AM-Softmax on cosines of embeddings (N, D) and class vectors (K, D)."""
    N, D, K = 5, 4, 6
    x, w, targets = leaf(N, D), leaf(K, D), torch.tensor([0, 3, 5, 3, 1])
    cosines = F.linear(F.normalize(x), F.normalize(w))
    loss = F.cross_entropy(SCALE * (cosines - MARGIN * F.one_hot(targets, K)), targets)
    loss.backward()
    return dict(shape=[N, D, K], x=flat(x), weight=flat(w), targets=targets.tolist(), loss=loss.item(),
                grad_x=exact(x.grad), grad_weight=exact(w.grad))


def pixel(size, targets):
    """Cross-entropy per pixel of logits (N, K, h, w) enlarged to the targets' size; 255 does not count."""
    N, K = 2, 4
    logits = leaf(N, K, 2, 3)
    large = F.interpolate(logits, size=size, mode='bilinear', align_corners=True)
    loss = F.cross_entropy(large, targets, ignore_index=255)
    loss.backward()
    right = ((large.argmax(1) == targets) & (targets != 255)).sum() / (targets != 255).sum()
    return dict(shape=[N, K, 2, 3], logits=flat(logits), size=list(size), targets=targets.reshape(-1).tolist(),
                loss=loss.item(), right=right.item(), grad=exact(logits.grad))


def labels(size, classes, ignored):
    values = torch.randint(0, classes, (2, *size))
    values.view(-1)[ignored] = 255
    return values


def auxiliary():
    """Two 1x1 convolutions of one picture: the main output and a side output that weighs 0.4."""
    x, main, side = leaf(2, 3, 4, 5), leaf(4, 3, 1, 1), leaf(4, 3, 1, 1)
    targets = labels((4, 5), 4, [0, 7, 39])
    loss = F.cross_entropy(F.conv2d(x, main), targets, ignore_index=255)
    loss = loss + AUXILIARY * F.cross_entropy(F.conv2d(x, side), targets, ignore_index=255)
    loss.backward()
    return dict(shape=[2, 3, 4, 5], x=flat(x), main=flat(main), side=flat(side), targets=targets.reshape(-1).tolist(),
                loss=loss.item(), grad_main=exact(main.grad), grad_side=exact(side.grad))


same, larger = (2, 3), (5, 7)
print(json.dumps(dict(
    torch=torch.__version__, scale=SCALE, margin=MARGIN, auxiliary_weight=AUXILIARY,
    am_softmax=am_softmax(),
    pixel=dict(same=pixel(same, labels(same, 4, [1, 5, 6])), enlarged=pixel(larger, labels(larger, 4, list(range(20, 45))))),
    auxiliary=auxiliary(),
), indent=1))
