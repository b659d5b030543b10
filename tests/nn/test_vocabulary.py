"""The output layer against log_softmax and gather."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from textvae.nn.vocabulary import VocabularyOutput


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


@pytest.mark.parametrize("tied_width", [None, 6, 4])
def test_log_likelihood_is_that_of_log_softmax_in_value_and_gradient(tied_width):
    embedding = None if tied_width is None else nn.Embedding(11, tied_width)
    layer = VocabularyOutput(hidden=6, vocabulary=11, tied_to=embedding).double()
    hidden = torch.randn(5, 6, dtype=torch.float64, requires_grad=True)
    target = torch.randint(11, (5,))
    projected = hidden if tied_width in (None, 6) else hidden @ layer.project.weight.T
    logits = projected @ layer.output.weight.T + layer.output.bias
    naive = logits.log_softmax(1).gather(1, target.unsqueeze(1))[:, 0]
    ours = layer.log_likelihood(hidden, target)
    assert_close(layer(hidden), logits)
    assert_close(ours, naive)
    inputs = [hidden, *layer.parameters()]
    upstream = torch.randn(5, dtype=torch.float64)
    assert_close(
        torch.autograd.grad(ours @ upstream, inputs, retain_graph=True),
        torch.autograd.grad(naive @ upstream, inputs),
    )


def test_tied_weights_are_one_tensor_with_the_gradient_of_both_uses():
    embedding = nn.Embedding(11, 6).double()
    layer = VocabularyOutput(hidden=6, vocabulary=11, tied_to=embedding).double()
    assert layer.output.weight is embedding.weight
    assert isinstance(layer.project, nn.Identity)
    tokens, target = torch.tensor([3, 3, 7]), torch.tensor([1, 4, 3])
    layer.log_likelihood(embedding(tokens), target).sum().backward()

    read = embedding.weight.detach().clone().requires_grad_()
    written = embedding.weight.detach().clone().requires_grad_()
    logits = read[tokens] @ written.T + layer.output.bias.detach()
    logits.log_softmax(1)[torch.arange(3), target].sum().backward()
    assert_close(embedding.weight.grad, read.grad + written.grad)
    assert read.grad.abs().sum() > 0 < written.grad.abs().sum()


def test_softmax_is_not_taken_in_half_precision():
    layer = VocabularyOutput(hidden=6, vocabulary=11, tied_to=None).bfloat16()
    hidden = torch.randn(5, 6, dtype=torch.bfloat16)
    target = torch.randint(11, (5,))
    ours = layer.log_likelihood(hidden, target)
    assert ours.dtype == torch.float32
    assert_close(ours, layer(hidden).float().log_softmax(1).gather(1, target.unsqueeze(1))[:, 0])
