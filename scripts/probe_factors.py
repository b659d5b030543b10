"""Which factors of the shipped corpus a linear classifier reads off a model's codes.

    python scripts/probe_factors.py runs/quickstart

Logistic regression on 1,500 test codes, accuracy on the other 500; chance is the majority there.
Needs scikit-learn (the `dev` extra).
"""

import sys
from collections import Counter

from datasets import load_dataset
from sklearn.linear_model import LogisticRegression

from textvae import TextVAE

FACTORS = ("topic", "tense", "type", "number", "sentiment", "polarity")
TRAINED_ON = 1500


def main() -> None:
    """Print a table: factor, accuracy, majority."""
    vae = TextVAE.from_pretrained(sys.argv[1], device="cpu")
    rows = load_dataset("parquet", data_files="data/test.parquet", split="train").to_dict()
    codes = vae.encode(rows["text"]).numpy()
    for factor in FACTORS:
        values = rows[factor]
        probe = LogisticRegression(max_iter=1000).fit(codes[:TRAINED_ON], values[:TRAINED_ON])
        accuracy = probe.score(codes[TRAINED_ON:], values[TRAINED_ON:])
        held_out = Counter(values[TRAINED_ON:])
        majority = held_out.most_common(1)[0][1] / held_out.total()
        print(f"| {factor} | {accuracy:.1%} | {majority:.1%} |")


if __name__ == "__main__":
    main()
