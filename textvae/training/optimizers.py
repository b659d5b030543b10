"""Optimisers by name."""

from torch import nn
from torch.optim import SGD, AdamW, Optimizer

from textvae.config import AdamWConfig, OptimizerConfig


def build_optimizer(config: OptimizerConfig, model: nn.Module) -> Optimizer:
    """An optimiser over all parameters of `model`; the loop sets its learning rate every step.

    Weight decay spares vectors (biases, norms), as is usual.
    """
    decayed = [p for p in model.parameters() if p.dim() > 1]
    spared = [p for p in model.parameters() if p.dim() <= 1]
    groups = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": spared, "weight_decay": 0.0},
    ]
    if isinstance(config, AdamWConfig):
        return AdamW(groups, lr=0.0, betas=config.betas)
    return SGD(groups, lr=0.0, momentum=config.momentum)


def set_learning_rate(optimizer: Optimizer, value: float) -> None:
    """The same learning rate for every parameter group."""
    for group in optimizer.param_groups:
        group["lr"] = value
