"""Paths: their ends, lengths and angles, and the cases without a great circle."""

import math

import pytest
import torch
from torch.testing import assert_close

from textvae.models.interpolation import code_path, linear_path, spherical_path


def vectors(size=16):
    torch.manual_seed(0)
    return torch.randn(size), 3 * torch.randn(size)


def test_linear_path_is_even_and_holds_both_ends():
    a, b = vectors()
    path = linear_path(a, b, 5)
    assert torch.equal(path[0], a)
    assert torch.equal(path[-1], b)
    assert_close(path, torch.stack([a + k / 4 * (b - a) for k in range(5)]))


def test_spherical_path_turns_evenly_in_the_plane_of_its_ends():
    a, b = vectors()
    steps = 7
    path = spherical_path(a, b, steps)
    assert_close(path[0], a)
    assert_close(path[-1], b)
    norms = torch.stack([a.norm() + k / 6 * (b.norm() - a.norm()) for k in range(steps)])
    assert_close(path.norm(dim=1), norms)
    total = torch.arccos(torch.cosine_similarity(a, b, dim=0))
    turned = torch.arccos(torch.cosine_similarity(path[:-1], path[1:], dim=1))
    assert_close(turned, (total / 6).expand(6), rtol=1e-3, atol=0)
    assert torch.linalg.matrix_rank(torch.cat((path, a.unsqueeze(0), b.unsqueeze(0)))) == 2


def test_spherical_path_by_hand():
    path = spherical_path(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), 3)
    half = math.sqrt(0.5)
    assert_close(path, torch.tensor([[1.0, 0.0], [half, half], [0.0, 1.0]]))


@pytest.mark.parametrize("scale", [-1.0, -2.7, -0.1, 0.0, 1.0, 1.9])
@pytest.mark.parametrize("size", [1, 3, 32, 500])
def test_without_a_great_circle_the_path_is_straight(scale, size):
    """Opposite, zero and parallel ends, though rounding may leave a tiny angle."""
    for seed in range(5):
        torch.manual_seed(seed)
        a = torch.randn(size)
        for first, second in ((a, scale * a), (scale * a, a)):
            path = spherical_path(first, second, 9)
            assert_close(path, linear_path(first, second, 9), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("angle", [1e-3, 0.1, 3.0, math.pi - 1e-3])
def test_small_and_large_angles_keep_the_length(angle):
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([math.cos(angle), math.sin(angle)])
    path = spherical_path(a, b, 9)
    assert_close(path.norm(dim=1), torch.ones(9), rtol=0, atol=1e-3)
    exact = torch.tensor([[math.cos(k / 8 * angle), math.sin(k / 8 * angle)] for k in range(9)])
    assert_close(path, exact, rtol=0, atol=1e-3)


def test_code_path_changes_one_variable_after_the_other():
    a, b = torch.tensor([1, 5, 2, 7, 3]), torch.tensor([4, 5, 0, 7, 9])
    assert code_path(a, b, 4).tolist() == [
        [1, 5, 2, 7, 3],
        [4, 5, 2, 7, 3],
        [4, 5, 0, 7, 3],
        [4, 5, 0, 7, 9],
    ]


@pytest.mark.parametrize("steps", [2, 3, 5, 9, 30])
def test_code_path_has_its_ends_and_never_goes_back(steps):
    torch.manual_seed(0)
    a, b = torch.randint(3, (12,)), torch.randint(3, (12,))
    path = code_path(a, b, steps)
    assert torch.equal(path[0], a)
    assert torch.equal(path[-1], b)
    assert ((path == a) | (path == b)).all()
    distance = (path != b).sum(1)
    assert (distance.diff() <= 0).all()
    if steps > (a != b).sum():
        assert distance.diff().min() == -1


def test_paths_between_equal_codes_stay():
    a = torch.tensor([1, 2])
    assert code_path(a, a, 3).tolist() == [[1, 2]] * 3
    assert torch.equal(spherical_path(a.float(), a.float(), 3), a.float().repeat(3, 1))
