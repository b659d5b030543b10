"""`TextVAE`: a trained model with its tokenizer, in a user's terms - sentences and codes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

import textvae
from textvae.config import Config
from textvae.config_file import parse_config
from textvae.core.distributions import concatenate
from textvae.data.batches import batch_from_ids
from textvae.data.tokenizer import Tokenizer
from textvae.devices import best_device
from textvae.errors import TextVAEError
from textvae.evaluation.modes import evaluating
from textvae.model_card import model_card
from textvae.models.build import build_text_vae
from textvae.models.generation import Strategy, generate
from textvae.models.interpolation import Path as PathKind
from textvae.models.interpolation import code_path, linear_path, spherical_path
from textvae.models.vae import VAE
from textvae.models.weights import load_weights, save_weights
from textvae.run import model_folder
from textvae.staging import staged

# not `model_type`: that key is how transformers names models of its own
_FORMAT = "textvae text"
_BATCH = 256  # sentences encoded or written at once


class TextVAE:
    """Sentences to codes and back.

    A code is what a user stores about a sentence: for a Gaussian latent the posterior mean,
    float `(size,)`; for categorical latents the most probable classes, integer `(variables,)`.
    """

    def __init__(self, model: VAE, tokenizer: Tokenizer, config: Config) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.config = config

    @classmethod
    def build(cls, config: Config, tokenizer: Tokenizer) -> "TextVAE":
        """An untrained model of `config`, initialised from torch's global generator."""
        model = build_text_vae(
            config.model, vocabulary=tokenizer.vocab_size, max_length=config.data.max_length
        )
        return cls(model, tokenizer, config)

    @classmethod
    def from_pretrained(
        cls, name: str | Path, *, device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    ) -> "TextVAE":
        """Load a run folder, a model folder, or a model of the Hugging Face hub.

        Nothing in it is executed or unpickled; a missing or unexpected tensor is an error.
        """
        folder = model_folder(name)
        try:
            stored = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            if stored["format"] != _FORMAT:
                raise KeyError("format")
            config = parse_config(stored["config"])
        except (ValueError, KeyError, TypeError):
            raise TextVAEError(f"{folder / 'config.json'}: is not of a textvae model") from None
        vae = cls.build(config, Tokenizer.load(folder))
        load_weights(vae.model, folder / "model.safetensors")
        vae.model.to(best_device(device)).eval()
        return vae

    def save_pretrained(self, folder: str | Path, *, card: str | None = None) -> None:
        """Write all that `from_pretrained` needs, and a model card as README.md."""
        stored = {
            "format": _FORMAT,
            "textvae_version": textvae.__version__,
            "config": self.config.model_dump(mode="json"),
        }
        with staged(Path(folder)) as staging:
            self.tokenizer.save(staging)
            (staging / "config.json").write_text(json.dumps(stored, indent=2) + "\n")
            (staging / "README.md").write_text(card or model_card(self), encoding="utf-8")
            save_weights(self.model, staging / "model.safetensors")

    def push_to_hub(self, repository: str, *, private: bool = False) -> str:
        """Upload the model to the Hugging Face hub as `repository`; returns its address."""
        from tempfile import TemporaryDirectory

        from huggingface_hub import HfApi

        api = HfApi()
        with TemporaryDirectory() as folder:
            self.save_pretrained(folder)
            url = api.create_repo(repository, private=private, exist_ok=True)
            api.upload_folder(repo_id=repository, folder_path=folder)
        return str(url)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.model.parameters()).device

    def ids(self, sentences: Sequence[str]) -> list[list[int]]:
        """Token ids of sentences, without begin and end.

        Raises `TextVAEError` for a sentence that is empty or longer than the model was made for.
        """
        if isinstance(sentences, str):
            raise TextVAEError("expected a list of sentences, not a single string")
        ids = self.tokenizer.encode(list(sentences))
        longest = self.config.data.max_length
        for number, (sentence, row) in enumerate(zip(sentences, ids, strict=True), start=1):
            if not sentence.strip() or not row:
                raise TextVAEError(f"sentence {number} is empty")
            if len(row) + 1 > longest:
                raise TextVAEError(
                    f"sentence {number} has {len(row) + 1} tokens with its end; this model reads "
                    f"at most {longest} (data.max_length): {sentence[:60]!r}"
                )
        return ids

    def posterior(self, sentences: Sequence[str]) -> Any:
        """q(z|x) of each sentence, as one batched distribution on the model's device."""
        ids = self.ids(sentences)
        parts = []
        with torch.inference_mode(), evaluating(self.model, seed=0, device=self.device):
            for start in range(0, len(ids), _BATCH):
                batch = batch_from_ids(ids[start : start + _BATCH], self.tokenizer.specials)
                parts.append(self.model.posterior(batch.to(self.device)))
        return concatenate(parts)

    def encode(self, sentences: Sequence[str]) -> Tensor:
        """Codes of sentences, on the CPU: `(n, size)` floats or `(n, variables)` integers."""
        return self.model.latent.code(self.posterior(sentences)).cpu().clone()

    def decode(
        self,
        codes: Tensor,
        *,
        strategy: Strategy = "greedy",
        temperature: float = 1.0,
        top_p: float = 1.0,
        seed: int = 0,
    ) -> list[str]:
        """A sentence for each code; `strategy="sample"` draws words from `seed`."""
        _check_sampling(temperature, top_p)
        latent = self.model.latent
        width = latent.code_size
        if codes.dim() != 2 or codes.shape[1] != width:
            raise TextVAEError(
                f"codes of this model have shape (n, {width}), not {tuple(codes.shape)}"
            )
        generator = torch.Generator(self.device).manual_seed(seed)
        written: list[list[int]] = []
        with torch.inference_mode(), evaluating(self.model, seed=seed, device=self.device):
            for part in codes.to(self.device).split(_BATCH):
                written += self._write(latent.embed(part), strategy, temperature, top_p, generator)
        return self.tokenizer.decode(written)

    def sample(
        self,
        num: int,
        *,
        seed: int = 0,
        strategy: Strategy = "sample",
        temperature: float = 1.0,
        top_p: float = 1.0,
    ) -> list[str]:
        """Sentences from the prior: z ~ p(z), then words from p(x|z)."""
        _check_sampling(temperature, top_p)
        generator = torch.Generator(self.device).manual_seed(seed)
        written: list[list[int]] = []
        with torch.inference_mode(), evaluating(self.model, seed=seed, device=self.device):
            for start in range(0, num, _BATCH):
                z = self.model.latent.prior().sample((min(_BATCH, num - start),))
                written += self._write(z, strategy, temperature, top_p, generator)
        return self.tokenizer.decode(written)

    def interpolate(
        self, a: str, b: str, *, steps: int = 9, path: PathKind = "linear"
    ) -> list[str]:
        """Sentences, decoded greedily, at `steps` points from `a` to `b`, both ends included.

        Between discrete codes the differing variables change one after the other, and `path` must
        be "linear".
        """
        if steps < 2:
            raise TextVAEError("steps: an interpolation has at least its two ends")
        code_a, code_b = self.encode([a, b])
        if self.model.latent.discrete:
            if path != "linear":
                raise TextVAEError("path: discrete codes have no spherical path; use linear")
            return self.decode(code_path(code_a, code_b, steps))
        between = linear_path if path == "linear" else spherical_path
        return self.decode(between(code_a, code_b, steps))

    def reconstruct(self, sentences: Sequence[str]) -> list[str]:
        """Each sentence as the decoder writes it greedily from its code."""
        return self.decode(self.encode(sentences))

    def _write(
        self,
        z: Tensor,
        strategy: Strategy,
        temperature: float,
        top_p: float,
        generator: torch.Generator,
    ) -> list[list[int]]:
        specials = self.tokenizer.specials
        hidden = {specials.pad_id, specials.bos_id, specials.unk_id} - {None, specials.eos_id}
        return generate(
            self.model.decoder,
            z,
            bos=specials.bos_id,
            eos=specials.eos_id,
            forbidden=[i for i in hidden if i is not None],
            max_length=self.config.data.max_length,
            strategy=strategy,
            temperature=temperature,
            top_p=top_p,
            generator=generator,
        )


def _check_sampling(temperature: float, top_p: float) -> None:
    if temperature <= 0:
        raise TextVAEError(f"temperature: must be above 0, not {temperature}; 0 means greedy")
    if not 0 < top_p <= 1:
        raise TextVAEError(f"top_p: must be above 0 and at most 1, not {top_p}")
