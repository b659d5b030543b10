"""Draw the shipped corpus from the English grammar and describe it in a README.

    python scripts/make_corpus.py --seed 0 --output data

Every split is a stream of independent draws with its own generator, seeded by the seed and the
split's name, so the same seed gives the same bytes and a longer split extends a shorter one.
Entropies are in nats.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from statistics import fmean, stdev

import pyarrow as pa
import pyarrow.parquet as pq

from textvae.grammar import Grammar, Sentence, english
from textvae.grammar.grammar import count_words

SPLITS = {"train": 40_000, "validation": 2_000, "test": 2_000}
JOINT = ("topic", "tense", "type")

README = """\
# The shipped corpus

English sentences drawn from a probabilistic grammar of our own (`textvae.grammar.english()`), so
the truth about them is known: every sentence comes with the factors it was made from and with its
exact log-probability. No text by anybody else went into it. Licence: Apache-2.0, like the code.

Made by `python scripts/make_corpus.py --seed {seed} --output data`, which also writes this file.

```text
{samples}
```

## Columns

| column | meaning |
|---|---|
| `text` | the sentence: lower case, tokens divided by single blanks, `.` `?` `,` their own tokens |
| `topic` | {topic} |
| `sentiment` | {sentiment} |
| `tense` | {tense}: the tense of the main clause |
| `polarity` | {polarity}: whether the main clause is negated |
| `number` | {number}: the number of the main subject ("who" is singular) |
| `type` | {type}: a statement, a yes-no question, or a question with a question word |
| `log_prob` | log p(text) in nats (float64) under the grammar |

Sentiment is the judgement that the sentence carries: evaluative adjectives and adverbs, verbs of
liking, comments ("sadly , ...", "... , which was a relief"), turned round by negation where English
does so ("was not delicious" is negative). A neutral sentence has no evaluative word.

## How a sentence is made

The factors are drawn first; then a context-free grammar whose symbols carry features (topic,
tense, construct, polarity, number, tone) rewrites the root of that assignment of the factors. Draws
of fewer than {min_words} or more than {max_words} words (punctuation not counted) are thrown away.

`log_prob` sums over **all** derivations of the text, under all assignments of the factors, the end
of the sentence included, and is renormalised for the length limits: the share of draws within the
limits is Z = exp({log_z:.6f}), computed exactly by a dynamic programme over lengths. So the negated
mean of `log_prob` estimates the entropy of the source, and no language model has a lower expected
loss per sentence on fresh draws.

Rows are independent draws: duplicates stay, and a test sentence may also be in the training split.

## Numbers

{numbers}
"""


def draws(grammar: Grammar, seed: int, split: str) -> Iterator[Sentence]:
    """An endless stream of independent draws for one split of the corpus with this seed."""
    rng = random.Random(f"{seed} {split}")
    while True:
        yield grammar.sample(rng)


def write_split(path: Path, sentences: Sequence[Sentence], factors: Sequence[str]) -> None:
    """One parquet file: text, the factors, log_prob."""
    columns: dict[str, list[str] | list[float]] = {"text": [s.text for s in sentences]}
    for factor in factors:
        columns[factor] = [s.factors[factor] for s in sentences]
    columns["log_prob"] = [s.log_prob for s in sentences]
    pq.write_table(
        pa.table(columns),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=list(factors),
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def entropy(counts: Counter[tuple[str, ...]]) -> float:
    """Plug-in entropy of a histogram, in nats."""
    total = counts.total()
    return -sum(n / total * math.log(n / total) for n in counts.values())


def split_numbers(corpus: Mapping[str, Sequence[Sentence]]) -> str:
    """Size, entropy, length, vocabulary, duplicates and overlap of each split."""
    train = {s.text for s in corpus["train"]}
    rows = []
    for split, sentences in corpus.items():
        n = len(sentences)
        nats = [-s.log_prob for s in sentences]
        words = [count_words(s.text.split()) for s in sentences]
        tokens = sum(len(s.text.split()) for s in sentences)
        rows.append(
            [
                split,
                n,
                f"{fmean(nats):.3f} ± {stdev(nats) / math.sqrt(n):.3f}",
                f"{sum(nats) / tokens:.3f}",
                f"{fmean(words):.2f} ({min(words)}-{max(words)})",
                len({token for s in sentences for token in s.text.split()}),
                n - len({s.text for s in sentences}),
                "" if split == "train" else f"{fmean(s.text in train for s in sentences):.2%}",
            ]
        )
    head = ["split", "sentences", "entropy per sentence (nats, ± standard error)"]
    head += ["nats per token", "words (range)", "token types", "duplicates", "also in train"]
    return table(head, rows)


def factor_numbers(grammar: Grammar, corpus: Mapping[str, Sequence[Sentence]]) -> str:
    """Entropies of the factors, the majority baseline, and how far `parse` reads them off."""
    everything = [s for sentences in corpus.values() for s in sentences]
    parsed = [grammar.parse(s.text) for s in corpus["test"]]
    rows = []
    for names in [*((f,) for f in grammar.factors), JOINT, grammar.factors]:
        values = [tuple(s.factors[f] for f in names) for s in everything]
        train, test = values[: len(corpus["train"])], values[-len(corpus["test"]) :]
        majority = Counter(train).most_common(1)[0][0]
        read = [p is not None and tuple(p[f] for f in names) for p in parsed]
        rows.append(
            [
                "all six" if names == grammar.factors else ", ".join(names),
                f"{grammar.factor_entropy(*names):.4f}",
                f"{entropy(Counter(values)):.4f}",
                f"{fmean(value == majority for value in test):.1%}",
                f"{fmean(r == value for r, value in zip(read, test, strict=True)):.2%}",
            ]
        )
    head = ["factor", "entropy (nats, exact)", "entropy (nats, in the rows)"]
    head += ["majority baseline on test", "read off the text by `parse` (test)"]
    return table(head, rows)


def value_numbers(grammar: Grammar, sentences: Sequence[Sentence]) -> str:
    """Share of every value of every factor."""
    rows = []
    for factor in grammar.factors:
        counts = Counter(s.factors[factor] for s in sentences)
        shares = [f"{value} {n / len(sentences):.1%}" for value, n in counts.most_common()]
        rows.append([factor, ", ".join(shares)])
    return table(["factor", "values in the training split"], rows)


def describe(grammar: Grammar, corpus: Mapping[str, Sequence[Sentence]]) -> str:
    """All statistics of the corpus, as Markdown."""
    train = corpus["train"]
    tokens = Counter(token for s in train for token in s.text.split())
    rare = sum(tokens[word] < 10 for word in grammar.vocabulary)
    lengths = Counter(count_words(s.text.split()) for s in train)
    histogram = ", ".join(f"{k}: {lengths[k] / len(train):.1%}" for k in sorted(lengths))
    return "\n\n".join(
        [
            split_numbers(corpus),
            f"The grammar knows {len(grammar.vocabulary)} tokens; the training split has "
            f"{len(tokens)} of them, {rare} of the vocabulary fewer than ten times.",
            factor_numbers(grammar, corpus),
            value_numbers(grammar, train),
            f"Words per sentence in the training split: {histogram}.",
        ]
    )


def main() -> None:
    """Write the three splits and their README, and print the README's numbers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=0, help="an integer; 0 is the shipped corpus")
    parser.add_argument("--output", type=Path, default=Path("data"), help="folder to write to")
    options = parser.parse_args()

    grammar = english()
    corpus = {
        split: list(islice(draws(grammar, options.seed, split), size))
        for split, size in SPLITS.items()
    }
    options.output.mkdir(parents=True, exist_ok=True)
    for split, sentences in corpus.items():
        write_split(options.output / f"{split}.parquet", sentences, grammar.factors)
    numbers = describe(grammar, corpus)
    values = {
        factor: ", ".join(dict.fromkeys(key[i] for key in grammar.prior))
        for i, factor in enumerate(grammar.factors)
    }
    readme = README.format(
        seed=options.seed,
        samples="\n".join(s.text for s in corpus["train"][:12]),
        min_words=grammar.min_words,
        max_words=grammar.max_words,
        log_z=grammar.log_partition,
        numbers=numbers,
        **values,
    )
    (options.output / "README.md").write_text(readme, encoding="utf-8")
    print(numbers)


if __name__ == "__main__":
    main()
