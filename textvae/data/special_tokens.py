"""The ids that are not words: padding, start, end, unknown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpecialTokens:
    """Ids of the four roles. `unk_id` is None where a tokenizer has no unknown token."""

    pad_id: int
    bos_id: int
    eos_id: int
    unk_id: int | None = None
