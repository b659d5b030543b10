"""Paths between two codes."""

from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

Path = Literal["linear", "spherical"]


def linear_path(
    a: Float[Tensor, " size"], b: Float[Tensor, " size"], steps: int
) -> Float[Tensor, "steps size"]:
    """`steps` points on the straight line from a to b, both ends included."""
    return torch.lerp(a, b, torch.linspace(0, 1, steps, device=a.device).unsqueeze(1))


def spherical_path(
    a: Float[Tensor, " size"], b: Float[Tensor, " size"], steps: int
) -> Float[Tensor, "steps size"]:
    """Along the great circle (Shoemake 1985; White 2016), lengths interpolated linearly.

    Parallel vectors, and a zero vector, have no great circle: the path is then the straight line.
    """
    norm_a, norm_b = a.norm(), b.norm()
    if min(norm_a, norm_b) == 0:
        return linear_path(a, b, steps)
    unit_a, unit_b = a / norm_a, b / norm_b
    # the arccosine of the product is lost in rounding at 0 and at pi: Kahan's formula is not
    angle = 2 * torch.atan2((unit_a - unit_b).norm(), (unit_a + unit_b).norm())
    if torch.sin(angle) < 1e-6:
        return linear_path(a, b, steps)
    share = torch.linspace(0, 1, steps, device=a.device).unsqueeze(1)
    direction = (
        torch.sin((1 - share) * angle) * unit_a + torch.sin(share * angle) * unit_b
    ) / torch.sin(angle)
    return direction * torch.lerp(norm_a, norm_b, share)


def code_path(
    a: Int[Tensor, " variables"], b: Int[Tensor, " variables"], steps: int
) -> Int[Tensor, "steps variables"]:
    """From code to code: the variables in which they differ change one after the other.

    At point i of `steps`, the first round(i / (steps - 1) * d) of the d differing variables, in
    order, have the class of b.
    """
    differing = (a != b).nonzero()[:, 0]
    path = a.repeat(steps, 1)
    for point in range(steps):
        changed = differing[: round(point / max(1, steps - 1) * len(differing))]
        path[point, changed] = b[changed]
    return path
