"""The picture of the README: KL curves of two runs, and an interpolation of the first.

python scripts/plot_quickstart.py runs/quickstart runs/plain --output docs/quickstart.png
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from textvae import Run, TextVAE

ENDS = ("the chef will cook the soup .", "did the storm damage the tents ?")


def main() -> None:
    """Draw the two panels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="run with mitigation, whose model interpolates")
    parser.add_argument("plain", type=Path, help="the same without")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()

    figure, (curves, words) = plt.subplots(
        1, 2, figsize=(11, 3.6), width_ratios=(1, 1.15), layout="constrained"
    )
    for folder, label, colour in (
        (arguments.run, "quickstart (free bits)", "#1f6f8b"),
        (arguments.plain, "no mitigation", "#b3541e"),
    ):
        points = [
            (point["step"], point["train/kl"])
            for point in Run(folder).metrics()
            if "train/kl" in point
        ]
        curves.plot(*zip(*points, strict=True), label=label, color=colour, linewidth=1.8)
    curves.set(xlabel="step", ylabel="KL, nats per sentence", title="train/kl")
    curves.set_ylim(bottom=0)
    curves.legend(frameon=False)
    curves.spines[["top", "right"]].set_visible(False)

    sentences = TextVAE.from_pretrained(arguments.run, device="cpu").interpolate(*ENDS, steps=9)
    words.axis("off")
    words.set_title("textvae interpolate", loc="left")
    for i, sentence in enumerate(sentences):
        share = i / (len(sentences) - 1)
        words.text(
            0.0, 0.94 - 0.11 * i, sentence, fontsize=10, color=(0.12, 0.25 + 0.3 * share, 0.4)
        )
    figure.savefig(arguments.output, dpi=130)


if __name__ == "__main__":
    main()
