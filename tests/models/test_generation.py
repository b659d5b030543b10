"""Decoding against loops over single sentences, and draws against their distribution."""

import pytest
import torch
from torch.testing import assert_close

from tests.helpers import BOS, EOS, MAX_LENGTH, PAD, VOCABULARY, tiny_vae
from textvae.models.generation import generate, inverse_cdf, nucleus

decoders = pytest.mark.parametrize("kind", ["lstm-both", "transformer-both"])
FORBIDDEN = (PAD, BOS)


def decoder_and_z(kind, rows=24):
    """A decoder, and codes whose sentences end after different numbers of words."""
    torch.manual_seed(0)
    decoder = tiny_vae(decoder=kind).decoder
    with torch.no_grad():
        decoder.vocabulary.output.bias[EOS] += {"lstm-both": 0.8, "transformer-both": 4.0}[kind]
    return decoder, 6 * torch.randn(rows, 3, dtype=torch.float64)


def write(decoder, z, **options):
    settings = {"bos": BOS, "eos": EOS, "forbidden": FORBIDDEN, "max_length": MAX_LENGTH}
    return generate(decoder, z, **settings | options)


@torch.no_grad()
def one_by_one(decoder, z, choose, max_length=MAX_LENGTH):
    """Every sentence alone, all of them to the full length: no row is ever dropped."""
    sentences = []
    for row in range(len(z)):
        state, token, words = decoder.start(z[row : row + 1]), BOS, []
        for position in range(max_length):
            logits, state = decoder.step(torch.tensor([token]), state)
            logits = logits[0].clone()
            logits[list(FORBIDDEN)] = -torch.inf
            token = choose(logits, row, position)
            words.append(token)
        sentences.append(words[: words.index(EOS)] if EOS in words else words)
    return sentences


@decoders
def test_greedy_is_the_naive_loop(kind):
    decoder, z = decoder_and_z(kind)
    ours = write(decoder, z, strategy="greedy")
    assert ours == one_by_one(decoder, z, lambda logits, *_: logits.argmax().item())
    lengths = {len(sentence) for sentence in ours}
    assert len(lengths) > 2  # rows were dropped along the way


@decoders
@pytest.mark.parametrize(("temperature", "top_p"), [(1.0, 1.0), (0.7, 1.0), (1.3, 0.8)])
def test_sampling_is_the_naive_loop_with_the_same_uniform_numbers(kind, temperature, top_p):
    decoder, z = decoder_and_z(kind)
    ours = write(
        decoder,
        z,
        temperature=temperature,
        top_p=top_p,
        generator=torch.Generator().manual_seed(5),
    )
    generator = torch.Generator().manual_seed(5)
    uniform = torch.stack([torch.rand(len(z), generator=generator) for _ in range(MAX_LENGTH)])

    def choose(logits, row, position):
        probabilities = (logits / temperature).softmax(0)
        order = probabilities.argsort(descending=True).tolist()
        kept, mass = [], 0.0
        for word in order:
            kept.append(word)
            mass += probabilities[word].item()
            if mass >= top_p:
                break
        threshold = uniform[position, row].item() * sum(probabilities[w].item() for w in kept)
        below = 0.0
        for word in sorted(kept):
            below += probabilities[word].item()
            if below > threshold:
                return word
        raise AssertionError("no word")

    assert ours == one_by_one(decoder, z, choose)
    assert len({len(sentence) for sentence in ours}) > 2


@decoders
def test_a_row_does_not_know_when_others_finish(kind):
    """The same row beside different sentences: same uniform number, same words."""
    decoder, z = decoder_and_z(kind)
    for strategy in ("greedy", "sample"):
        whole = write(decoder, z, strategy=strategy, generator=torch.Generator().manual_seed(1))
        other = z.clone()
        other[1:] = other[1:].flip(0)
        changed = write(
            decoder, other, strategy=strategy, generator=torch.Generator().manual_seed(1)
        )
        assert changed[0] == whole[0]


@decoders
def test_finished_rows_cost_nothing(kind, monkeypatch):
    decoder, z = decoder_and_z(kind)
    step, rows = decoder.step, []
    monkeypatch.setattr(decoder, "step", lambda t, state: rows.append(len(t)) or step(t, state))
    written = write(decoder, z, strategy="greedy")
    going_on = [sum(len(words) >= position for words in written) for position in range(MAX_LENGTH)]
    assert rows == [count for count in going_on if count > 0]
    assert rows[0] > rows[-1]


@decoders
def test_sampled_sentences_have_the_probability_of_the_model(kind):
    """First words over many rows of one z: chi-square, 6 degrees of freedom, 22.5 at 0.001."""
    decoder, z = decoder_and_z(kind, rows=1)
    draws = 20_000
    generator = torch.Generator().manual_seed(0)
    words = write(decoder, z.expand(draws, -1), max_length=1, generator=generator)
    first = torch.tensor([sentence[0] if sentence else EOS for sentence in words])
    with torch.no_grad():
        logits, _ = decoder.step(torch.tensor([BOS]), decoder.start(z))
    logits[:, list(FORBIDDEN)] = -torch.inf
    expected = draws * logits[0].softmax(0)
    counts = first.bincount(minlength=VOCABULARY)
    assert counts[list(FORBIDDEN)].sum() == 0
    allowed = expected > 0
    assert ((counts - expected) ** 2 / expected)[allowed].sum() < 22.5


@decoders
def test_forbidden_words_are_never_written(kind):
    decoder, z = decoder_and_z(kind, rows=200)
    with torch.no_grad():
        decoder.vocabulary.output.bias[[0, 1, 5]] += 5.0
    for strategy in ("greedy", "sample"):
        words = write(decoder, z, forbidden=(0, 1, 5), strategy=strategy, temperature=3.0)
        assert {word for sentence in words for word in sentence} <= {3, 4, 6, 7, 8}
    assert 5 in {word for sentence in write(decoder, z) for word in sentence}


@decoders
@pytest.mark.parametrize("max_length", [1, 3, MAX_LENGTH])
def test_a_sentence_that_does_not_end_is_cut(kind, max_length):
    decoder, z = decoder_and_z(kind)
    with torch.no_grad():
        decoder.vocabulary.output.bias[EOS] -= 100.0
    words = write(decoder, z, max_length=max_length)
    assert [len(sentence) for sentence in words] == [max_length] * len(z)
    with torch.no_grad():
        decoder.vocabulary.output.bias[EOS] += 300.0
    assert write(decoder, z, max_length=max_length) == [[]] * len(z)


@decoders
def test_the_same_seed_writes_the_same(kind):
    decoder, z = decoder_and_z(kind)

    def seeded(seed):
        return write(decoder, z, generator=torch.Generator().manual_seed(seed))

    assert seeded(1) == seeded(1)
    assert seeded(1) != seeded(2)
    torch.manual_seed(3)
    first = write(decoder, z)
    torch.manual_seed(3)
    assert write(decoder, z) == first


# --- the pieces -----------------------------------------------------------------------------


def test_inverse_cdf_takes_the_interval_that_holds_the_number():
    weights = torch.tensor([0.0, 1.0, 0.0, 3.0, 0.0]).expand(6, -1)
    uniform = torch.tensor([0.0, 0.1, 0.2499, 0.25, 0.7, 1 - 2**-24])
    assert inverse_cdf(weights, uniform).tolist() == [1, 1, 1, 3, 3, 3]


def test_inverse_cdf_survives_a_generator_that_rounds_up_to_one():
    weights = torch.tensor([[0.0, 1.0, 3.0, 0.0], [2.0, 0.0, 0.0, 0.0]])
    assert inverse_cdf(weights, torch.ones(2)).tolist() == [2, 0]


def test_inverse_cdf_never_draws_a_word_of_weight_zero():
    torch.manual_seed(0)
    weights = torch.rand(500, 40) * (torch.rand(500, 40) < 0.1)
    weights[:, 7] += 1e-3
    for uniform in (torch.zeros(500), torch.rand(500), torch.full((500,), 1 - 2**-24)):
        drawn = inverse_cdf(weights, uniform)
        assert (weights[torch.arange(500), drawn] > 0).all()


def test_inverse_cdf_is_distributed_as_its_weights():
    """Chi-square with 4 degrees of freedom: 18.5 has probability 0.001."""
    weights = torch.tensor([1.0, 0.5, 4.0, 2.0, 0.1])
    draws = 100_000
    generator = torch.Generator().manual_seed(0)
    drawn = inverse_cdf(weights.expand(draws, -1), torch.rand(draws, generator=generator))
    expected = draws * weights / weights.sum()
    assert ((drawn.bincount(minlength=5) - expected) ** 2 / expected).sum() < 18.5


def test_inverse_cdf_of_even_weights_is_a_scale():
    uniform = (torch.arange(1000) + 0.5) / 1000
    drawn = inverse_cdf(torch.full((1000, 10), 0.3), uniform)
    assert torch.equal(drawn, (uniform * 10).long())


@pytest.mark.parametrize("top_p", [0.05, 0.3, 0.6, 0.95, 1.0])
def test_nucleus_is_the_smallest_set_that_holds_the_mass(top_p):
    torch.manual_seed(0)
    probabilities = (2 * torch.randn(50, 12, dtype=torch.float64)).softmax(1)
    ours = nucleus(probabilities, top_p)
    for row, kept in zip(probabilities, ours, strict=True):
        chosen, mass = set(), 0.0
        for word in row.argsort(descending=True).tolist():
            chosen.add(word)
            mass += row[word].item()
            if mass >= top_p:
                break
        if top_p == 1.0:
            chosen = set(range(12))
        assert set(kept.nonzero()[:, 0].tolist()) == chosen
        assert_close(kept[list(chosen)], row[list(chosen)])


def test_nucleus_by_hand():
    probabilities = torch.tensor([[0.1, 0.5, 0.15, 0.25]])
    assert nucleus(probabilities, 0.5).tolist() == [[0.0, 0.5, 0.0, 0.0]]
    assert_close(nucleus(probabilities, 0.51), torch.tensor([[0.0, 0.5, 0.0, 0.25]]))
    assert nucleus(probabilities, 1e-6).count_nonzero() == 1
