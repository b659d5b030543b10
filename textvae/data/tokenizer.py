"""One tokenizer for the toolkit: text to content ids and back, whatever library does the work."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer, PreTrainedTokenizerBase
from transformers.tokenization_utils_sentencepiece import SentencePieceBackend
from transformers.utils import logging

from textvae.config import PretrainedTokenizerConfig, TokenizerConfig
from textvae.data import hub, tokenizer_training
from textvae.data.special_tokens import SpecialTokens
from textvae.errors import TextVAEError


def build_tokenizer(config: TokenizerConfig, texts: Iterable[str]) -> "Tokenizer":
    """The tokenizer that `config` describes, trained on `texts` (read once) if need be."""
    if isinstance(config, PretrainedTokenizerConfig):
        return Tokenizer.load(config.path)
    return Tokenizer(tokenizer_training.train(config, texts))


class Tokenizer:
    """A `transformers` tokenizer with the four roles of `SpecialTokens`.

    Roles that the tokenizer lacks are filled: the class and separator tokens of BERT start and end
    a sentence, and what is still missing is added to the vocabulary. An unknown token is never
    added; one that is also the end token, as in GPT-2, does not count.

    Content never contains a special token: a text that spells '</s>' is encoded as those
    characters. (The unknown token may occur: of a `word` tokenizer, '<unk>' in a text is it.)
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.transformers = _with_roles(tokenizer)
        self._sentencepiece = (
            tokenizer.sp_model if isinstance(tokenizer, SentencePieceBackend) else None
        )
        unk_id = tokenizer.unk_token_id
        self.specials = SpecialTokens(
            pad_id=tokenizer.pad_token_id,
            bos_id=tokenizer.bos_token_id,
            eos_id=tokenizer.eos_token_id,
            unk_id=None if unk_id == tokenizer.eos_token_id else unk_id,
        )
        self._hidden = set(tokenizer.all_special_ids) - {self.specials.unk_id}
        self.vocab_size = 1 + max(tokenizer.get_vocab().values())

    @classmethod
    def load(cls, path: str | Path) -> "Tokenizer":
        """From a folder that `save` or `save_pretrained` wrote, or a hub id."""
        name = str(path)
        if not Path(name).exists():
            if hub.looks_like_a_file(name):
                raise TextVAEError(f"tokenizer.path: there is no folder '{Path(name).absolute()}'")
            hub.check_known(name, "model", "tokenizer.path")
        try:
            return cls(AutoTokenizer.from_pretrained(name))
        except (OSError, ValueError, KeyError) as error:
            line = " ".join(str(error).split())[:160]
            raise TextVAEError(f"tokenizer.path: no tokenizer in '{name}': {line}") from error

    def save(self, folder: str | Path) -> None:
        """Write the files that `load` and `AutoTokenizer.from_pretrained` read."""
        self.transformers.save_pretrained(str(folder))

    @property
    def pad_id(self) -> int:
        """Id of the padding."""
        return self.specials.pad_id

    @property
    def bos_id(self) -> int:
        """Id that starts what the decoder reads."""
        return self.specials.bos_id

    @property
    def eos_id(self) -> int:
        """Id that ends a sentence."""
        return self.specials.eos_id

    @property
    def unk_id(self) -> int | None:
        """Id of the unknown token, or None."""
        return self.specials.unk_id

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Content ids of each text, without start and end."""
        if not texts:
            return []
        if self._sentencepiece is not None:
            return self._sentencepiece.encode(list(texts))
        return self.transformers(
            list(texts),
            add_special_tokens=False,
            split_special_tokens=True,
            return_attention_mask=False,
            return_token_type_ids=False,
            verbose=False,
        )["input_ids"]

    def decode(self, rows: Sequence[Sequence[int]]) -> list[str]:
        """Text of each row up to its first end token, without special tokens (unknown is shown)."""
        content = [self._content(row) for row in rows]
        if self._sentencepiece is not None:
            return [self._sentencepiece.decode(row) for row in content]
        return self.transformers.batch_decode(content) if content else []

    def _content(self, row: Sequence[int]) -> list[int]:
        ids = [int(i) for i in row]
        if ids and ids[0] == self.bos_id:
            ids = ids[1:]  # first, because in GPT-2 the end token is the start token
        if self.eos_id in ids:
            ids = ids[: ids.index(self.eos_id)]
        return [i for i in ids if i not in self._hidden]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The token that each id stands for, as the vocabulary spells it."""
        return list(self.transformers.convert_ids_to_tokens([int(i) for i in ids]))

    def loses(self, text: str) -> bool:
        """Whether `text` does not come back: unknown words, or something was normalised away.

        Space around the text does not count.
        """
        return self.decode(self.encode([text]))[0].strip() != text.strip()

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that change with whatever changes the ids of a text."""
        digest = hashlib.sha256(type(self.transformers).__name__.encode())
        digest.update(repr(self.specials).encode())
        backend = getattr(self.transformers, "backend_tokenizer", None)
        if self._sentencepiece is not None:
            digest.update(self._sentencepiece.serialized_model_proto())
        elif backend is not None:
            settings: dict[str, Any] = json.loads(backend.to_str())
            # set by whoever called the tokenizer last
            settings.pop("truncation"), settings.pop("padding")
            digest.update(json.dumps(settings, sort_keys=True).encode())
        else:
            digest.update(json.dumps(self.transformers.get_vocab(), sort_keys=True).encode())
        return digest.hexdigest()[:16]


def _with_roles(tokenizer: PreTrainedTokenizerBase) -> PreTrainedTokenizerBase:
    """`tokenizer` itself, with padding, start and end."""
    level = logging.get_verbosity()
    logging.set_verbosity_error()  # reading a missing token warns, and it is about to be set
    try:
        fallbacks = {
            "pad_token": ("<pad>",),
            "bos_token": (tokenizer.cls_token, "<s>"),
            "eos_token": (tokenizer.sep_token, "</s>"),
        }
        missing = {
            role: next(token for token in tokens if token)
            for role, tokens in fallbacks.items()
            if getattr(tokenizer, role) is None
        }
        if missing:
            tokenizer.add_special_tokens(missing)
    finally:
        logging.set_verbosity(level)
    return tokenizer
