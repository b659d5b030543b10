"""What every decoder keeps, whatever it is made of and however z enters."""

import itertools

import pytest
import torch
from torch.testing import assert_close

from tests.helpers import BOS, DECODERS, EOS, MAX_LENGTH, text_batch, tiny_vae
from textvae.nn.decoders import TransformerDecoder

SENTENCES = [[3, 4, 5], [6], [7, 8, 3, 4, 5], []]

decoders = pytest.mark.parametrize("kind", DECODERS)


def decoder(kind, **options):
    torch.manual_seed(0)
    return tiny_vae(decoder=kind, **options).decoder


def latents(*shape):
    torch.manual_seed(1)
    return torch.randn(*shape, 3, dtype=torch.float64)


def token_log_likelihoods(module, z, words):
    """log p of each word and of the end, step by step: teacher forcing as generation does it."""
    state, values = module.start(z.unsqueeze(0)), []
    for given, target in itertools.pairwise([BOS, *words, EOS]):
        logits, state = module.step(torch.tensor([given]), state)
        values.append(logits.log_softmax(1)[0, target])
    return torch.stack(values)


@decoders
def test_log_likelihood_is_the_sum_over_steps_in_value_and_gradient(kind):
    module, z = decoder(kind), latents(2, len(SENTENCES)).requires_grad_()
    ours = module(z, *text_batch(SENTENCES).decoder_arguments)
    naive = torch.stack(
        [
            torch.stack(
                [
                    token_log_likelihoods(module, z[s, row], words).sum()
                    for row, words in enumerate(SENTENCES)
                ]
            )
            for s in range(2)
        ]
    )
    assert ours.dtype == torch.float64
    assert_close(ours, naive, rtol=0, atol=1e-11)
    inputs = [z, *module.parameters()]
    upstream = torch.randn(2, len(SENTENCES), dtype=torch.float64)
    assert_close(
        torch.autograd.grad((ours * upstream).sum(), inputs, retain_graph=True),
        torch.autograd.grad((naive * upstream).sum(), inputs),
    )


@decoders
def test_padding_changes_no_number(kind):
    module, z = decoder(kind), latents(2, len(SENTENCES))
    value = module(z, *text_batch(SENTENCES).decoder_arguments)
    for batch in (
        text_batch(SENTENCES, width=MAX_LENGTH),
        text_batch(SENTENCES, width=MAX_LENGTH, padding=5),
    ):
        assert_close(module(z, *batch.decoder_arguments), value, rtol=0, atol=1e-12)


@decoders
def test_several_samples_are_single_samples_stacked(kind):
    module, z = decoder(kind), latents(3, len(SENTENCES))
    arguments = text_batch(SENTENCES).decoder_arguments
    singles = torch.cat([module(sample.unsqueeze(0), *arguments) for sample in z])
    assert_close(module(z, *arguments), singles, rtol=0, atol=1e-12)
    assert (singles[0] - singles[1]).abs().min() > 1e-4


@decoders
def test_a_word_does_not_know_what_follows(kind):
    """The input after position i, and the targets, leave log p of earlier words alone."""
    module, z = decoder(kind), latents(1, 1)
    first, second = ([3, 4, 5, 6, 7], [3, 4, 8, 8, 8])

    def prefix(words, length):
        tokens = torch.tensor([[BOS, *words]])
        target = torch.tensor([[*words, EOS]])
        return module(z, tokens, target, torch.tensor([length]), length)

    assert_close(prefix(first, 2), prefix(second, 2), rtol=0, atol=1e-12)
    assert (prefix(first, 3) - prefix(second, 3)).abs() > 1e-4
    # the input at a later position is one that these two words have not read
    assert_close(
        prefix(first, 2).item(),
        token_log_likelihoods(module, z[0, 0], first)[:2].sum().item(),
    )


@decoders
def test_every_dimension_of_z_reaches_the_first_and_the_last_word(kind):
    module, z = decoder(kind), latents(1)[0].requires_grad_()
    for value in token_log_likelihoods(module, z, [3, 4, 5, 6]):
        (gradient,) = torch.autograd.grad(value, z, retain_graph=True)
        assert gradient.abs().min() > 1e-7


@decoders
def test_rows_of_a_state_are_states_of_rows(kind):
    module, z = decoder(kind), latents(4)
    state = module.start(z)
    _, state = module.step(torch.tensor([BOS] * 4), state)
    _, state = module.step(torch.tensor([3, 4, 5, 6]), state)
    rows = torch.tensor([2, 0])
    tokens = torch.tensor([7, 8, 3, 4])
    every, later = module.step(tokens, state)
    some, later_some = module.step(tokens[rows], state.select(rows))
    assert_close(some, every[rows], rtol=0, atol=1e-12)
    again, _ = module.step(tokens, later)
    again_some, _ = module.step(tokens[rows], later_some)
    assert_close(again_some, again[rows], rtol=0, atol=1e-12)


@decoders
def test_probabilities_of_all_sentences_sum_to_one(kind):
    """Every sentence of up to 2 words and its end, and every beginning of 3 words."""
    module, z = decoder(kind, vocabulary=5), latents(1, 1)
    symbols = [0, 1, 3, 4]  # all but the end
    total = 0.0
    for words in range(4):
        batch = text_batch([list(chosen) for chosen in itertools.product(symbols, repeat=words)])
        length = min(words + 1, 3)
        log_likelihood = module(
            z.expand(1, batch.num_examples, -1),
            batch.decoder_input,
            batch.target,
            torch.full((batch.num_examples,), length),
            length * batch.num_examples,
        )
        total += log_likelihood.exp().sum().item()
    assert_close(total, 1.0, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("kind", "way"), [(kind, kind.partition("-")[2]) for kind in DECODERS])
def test_z_enters_where_the_configuration_says(kind, way):
    names = {name.partition(".")[0] for name, _ in decoder(kind).named_parameters()}
    assert ("initial_cell" in names) == (kind.startswith("lstm") and way != "every_step")
    assert ("prefix" in names) == (kind.startswith("transformer") and way != "embedding")
    assert ("added" in names) == (kind.startswith("transformer") and way != "prefix")


def test_initial_state_of_the_lstm_is_linear_in_z_for_every_layer():
    module, z = decoder("lstm-initial_state"), latents(4)
    state = module.start(z)
    flat = module.initial_cell(z)
    for layer in range(2):
        assert_close(state.cell[layer], flat[:, 6 * layer : 6 * (layer + 1)])
    assert_close(state.hidden, state.cell.tanh())
    assert decoder("lstm-every_step").start(z).cell.count_nonzero() == 0


def test_dropout_is_on_in_training_only():
    torch.manual_seed(0)
    for module in (decoder("lstm-both"), decoder("transformer-both")):
        module.input_dropout.p = module.output_dropout.p = 0.5
        z, arguments = latents(1, len(SENTENCES)), text_batch(SENTENCES).decoder_arguments
        assert torch.equal(module(z, *arguments), module(z, *arguments))
        module.train()
        assert (module(z, *arguments) - module(z, *arguments)).abs().max() > 1e-3


def test_transformer_width_must_be_a_multiple_of_its_heads():
    with pytest.raises(ValueError, match="width 8 is not a multiple of heads 3"):
        TransformerDecoder(
            vocabulary=5,
            latent_size=2,
            max_length=4,
            width=8,
            layers=1,
            heads=3,
            feedforward=None,
            latent_input="both",
            input_dropout=0.0,
            output_dropout=0.0,
            tied_embeddings=True,
        )
