"""The README.md of a model folder: a Hugging Face model card with the measured numbers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textvae.text_vae import TextVAE

_UNITS = {
    "elbo": "evidence lower bound, nats per sentence, unweighted",
    "reconstruction": "-E_q[log p(x|z)], nats per sentence",
    "kl": "KL[q(z|x) || p(z)], nats per sentence, unweighted",
    "perplexity_bound": "upper bound on perplexity, end token counted",
    "mutual_information": "I(x; z) over the aggregate posterior of the set, nats",
    "active_units": "units whose posterior mean has a variance above 0.01",
}


def model_card(
    vae: "TextVAE", *, step: int | None = None, validation: Mapping[str, float] | None = None
) -> str:
    """Markdown with front matter; `validation` are the figures at `step` of a training."""
    model, data = vae.config.model, vae.config.data
    source = data.from_disk or data.path or "a dataset handed over in Python"
    lines = [
        "---",
        "library_name: textvae",
        "pipeline_tag: text-generation",
        "tags: [variational-autoencoder, textvae]",
        "---",
        "",
        "# Text VAE",
        "",
        f"A sentence variational autoencoder: {model.encoder.kind} encoder, {model.latent.kind} "
        f"latent, {model.decoder.kind} decoder, {vae.tokenizer.vocab_size:,} tokens "
        f"({vae.config.tokenizer.kind}). Trained on `{source}`.",
        "",
        "```python",
        "from textvae import TextVAE",
        "",
        'vae = TextVAE.from_pretrained("this folder or hub id")',
        "print(vae.sample(5, seed=0))",
        "```",
        "",
    ]
    if validation is not None:
        lines += [
            f"Validation, after step {step}:",
            "",
            "| figure | value | meaning |",
            "|---|---|---|",
        ]
        lines += [f"| {name} | {validation[name]:.3f} | {_UNITS[name]} |" for name in _UNITS]
        lines.append("")
    return "\n".join(lines)
