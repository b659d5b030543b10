"""The block against attention written out as loops over heads and positions."""

import math

import pytest
import torch
from torch.nn import functional as F
from torch.testing import assert_close

from textvae.nn.attention import Block

WIDTH, HEADS = 6, 2


@pytest.fixture
def block():
    torch.manual_seed(0)
    block = Block(width=WIDTH, heads=HEADS, feedforward=10, dropout=0.5).double().eval()
    with torch.no_grad():
        for parameter in block.parameters():
            parameter.copy_(0.7 * torch.randn_like(parameter))
    return block


def naive(block, x, allowed):
    """`allowed[row][i][j]`: may position i of a row look at position j?"""
    rows, length, _ = x.shape
    head = WIDTH // HEADS
    normed = F.layer_norm(x, (WIDTH,), block.attention_norm.weight, block.attention_norm.bias)
    query, key, value = (
        normed @ weight.T + bias
        for weight, bias in zip(
            block.query_key_value.weight.chunk(3), block.query_key_value.bias.chunk(3), strict=True
        )
    )
    joined = torch.zeros_like(x)
    for row in range(rows):
        for h in range(HEADS):
            part = slice(h * head, (h + 1) * head)
            for i in range(length):
                keys = [j for j in range(length) if allowed[row][i][j]]
                scores = torch.stack(
                    [query[row, i, part] @ key[row, j, part] / math.sqrt(head) for j in keys]
                )
                for j, weight in zip(keys, scores.softmax(0), strict=True):
                    joined[row, i, part] = joined[row, i, part] + weight * value[row, j, part]
    x = x + block.attention_output(joined)
    normed = F.layer_norm(x, (WIDTH,), block.feedforward_norm.weight, block.feedforward_norm.bias)
    first, _, second = block.feedforward
    return x + second(F.gelu(first(normed)))


def everything(rows, length):
    return torch.ones(rows, length, length, dtype=torch.bool)


def test_block_is_prenorm_attention_then_feedforward(block):
    x = torch.randn(2, 4, WIDTH, dtype=torch.float64)
    assert_close(block(x), naive(block, x, everything(2, 4)))


def test_causal_block_sees_no_later_position(block):
    x = torch.randn(2, 4, WIDTH, dtype=torch.float64)
    assert_close(block(x, causal=True), naive(block, x, everything(2, 4).tril()))


def test_masked_block_sees_no_masked_key(block):
    x = torch.randn(2, 4, WIDTH, dtype=torch.float64)
    mask = torch.tensor([[True, True, False, False], [True, True, True, False]])
    allowed = mask.unsqueeze(1).expand(-1, 4, -1)
    assert_close(block(x, mask=mask[:, None, None, :]), naive(block, x, allowed))


def test_growing_cache_is_the_causal_block(block):
    x = torch.randn(2, 4, WIDTH, dtype=torch.float64)
    past, outputs = None, []
    for position in range(4):
        output, past = block.extend(x[:, position : position + 1], past)
        outputs.append(output)
        assert past[0].shape == (2, HEADS, position + 1, WIDTH // HEADS)
    assert_close(torch.cat(outputs, dim=1), block(x, causal=True))


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="width 6 is not a multiple of heads 4"):
        Block(width=6, heads=4, feedforward=8, dropout=0.0)
