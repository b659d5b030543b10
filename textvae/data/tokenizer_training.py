"""Train tokenizers: words, byte-level pairs, SentencePiece."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer as Pipeline
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast
from transformers.tokenization_utils_sentencepiece import SentencePieceBackend

from textvae.config import (
    BPETokenizerConfig,
    SentencePieceTokenizerConfig,
    WordTokenizerConfig,
)
from textvae.data.punctuation import JOINER, joined_punctuation
from textvae.errors import TextVAEError

PAD, BOS, EOS, UNK = SPECIAL_TOKENS = ("<pad>", "<s>", "</s>", "<unk>")

# SentencePiece drops its own unknown piece from the text that it learns from, and '<unk>' stands
# in the text of real corpora, where it should become a piece like any other
_SENTENCEPIECE_UNK = "<unknown>"


def train(
    config: WordTokenizerConfig | BPETokenizerConfig | SentencePieceTokenizerConfig,
    texts: Iterable[str],
) -> PreTrainedTokenizerBase:
    """The tokenizer of the kind that `config` is, trained on `texts` (read once).

    `vocab_size` counts the four special tokens.
    """
    if isinstance(config, SentencePieceTokenizerConfig):
        return _sentencepiece(config, texts)
    pipeline = _words(config, texts) if config.kind == "word" else _bytes(config, texts)
    pipeline.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A {EOS}",
        pair=f"{BOS} $A {EOS} $B:1 {EOS}:1",
        special_tokens=[(token, pipeline.token_to_id(token)) for token in (BOS, EOS)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=pipeline,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=EOS,
        unk_token=UNK,
        clean_up_tokenization_spaces=False,
        split_special_tokens=True,
    )


def _words(config: WordTokenizerConfig, texts: Iterable[str]) -> Pipeline:
    """Words between spaces, with the marks around a word as tokens of their own.

    A mark remembers with a joiner that no space stood between it and its word, so text that was
    tokenised before ('the soup , cold .') and text that was not ('The soup, cold.') both come back
    as they were. The words themselves are the same in both.
    """
    pipeline = Pipeline(models.WordLevel(unk_token=UNK))
    pipeline.normalizer = normalizers.Sequence(
        joined_punctuation(UNK) + ([normalizers.Lowercase()] if config.lowercase else [])
    )
    pipeline.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    pipeline.decoder = decoders.Sequence(
        [
            decoders.WordPiece(prefix=JOINER, cleanup=False),
            decoders.Fuse(),
            decoders.Replace(f"{JOINER} ", ""),
        ]
    )
    _require_room(config.vocab_size, len(SPECIAL_TOKENS) + 1)
    trainer = trainers.WordLevelTrainer(
        vocab_size=2**31 - 1, min_frequency=config.min_count, show_progress=False
    )
    pipeline.train_from_iterator(_nonblank(texts), trainer)
    # the specials are put in by hand: the trainer would list a '<unk>' of the text a second time
    by_count = sorted(pipeline.get_vocab().items(), key=lambda word_and_id: word_and_id[1])
    words = [word for word, _ in by_count if word not in SPECIAL_TOKENS]
    if not words:
        raise TextVAEError(
            f"tokenizer.min_count: no word occurs {config.min_count} times: make it smaller"
        )
    vocabulary = [*SPECIAL_TOKENS, *words][: config.vocab_size]
    pipeline.model = models.WordLevel(
        vocab={token: i for i, token in enumerate(vocabulary)}, unk_token=UNK
    )
    return pipeline


def _bytes(config: BPETokenizerConfig, texts: Iterable[str]) -> Pipeline:
    """Byte-level byte-pair encoding, as in GPT-2: every text has ids and comes back exactly.

    Nothing is unknown to it; the unknown token is there for word dropout.
    """
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    _require_room(config.vocab_size, len(SPECIAL_TOKENS) + len(alphabet))
    pipeline = Pipeline(models.BPE())
    if config.lowercase:
        pipeline.normalizer = normalizers.Lowercase()
    pipeline.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pipeline.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=config.vocab_size,
        min_frequency=config.min_count,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=alphabet,
        show_progress=False,
    )
    pipeline.train_from_iterator(_nonblank(texts), trainer)
    return pipeline


def _sentencepiece(
    config: SentencePieceTokenizerConfig, texts: Iterable[str]
) -> PreTrainedTokenizerBase:
    """SentencePiece itself does the work, also after loading: its ids are its own by construction.

    Trained here, it neither normalises nor drops rare characters, so that texts come back.
    """
    if config.model is None:
        return _wrapped(_trained_model(config, texts))
    path = Path(config.model)
    if not path.is_file():
        raise TextVAEError(f"tokenizer.model: there is no file '{path.absolute()}'")
    return _wrapped(path.read_bytes())


def _trained_model(config: SentencePieceTokenizerConfig, texts: Iterable[str]) -> bytes:
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            # a line break would end the sentence for it
            sentence_iterator=(" ".join(text.split()) for text in _nonblank(texts)),
            model_writer=model,
            model_type=config.algorithm,
            vocab_size=config.vocab_size,
            hard_vocab_limit=False,
            character_coverage=1.0,
            normalization_rule_name="identity",
            max_sentence_length=2**20,
            pad_id=0,
            bos_id=1,
            eos_id=2,
            unk_id=3,
            pad_piece=PAD,
            bos_piece=BOS,
            eos_piece=EOS,
            unk_piece=_SENTENCEPIECE_UNK,
            unk_surface=_SENTENCEPIECE_UNK,
            num_threads=1,
            minloglevel=2,
        )
    except (RuntimeError, OSError) as error:
        reason = " ".join(str(error).split()).rpartition("] ")[2] or str(error)
        raise TextVAEError(
            f"tokenizer.vocab_size: SentencePiece cannot make {config.vocab_size} pieces of these "
            f"texts: {reason}"
        ) from error
    return model.getvalue()


def _wrapped(model: bytes) -> PreTrainedTokenizerBase:
    processor = sentencepiece.SentencePieceProcessor()
    try:
        processor.LoadFromSerializedProto(model)
    except RuntimeError as error:
        raise TextVAEError("tokenizer.model: this file is no SentencePiece model") from error
    ids = {
        "pad_token": processor.pad_id(),
        "bos_token": processor.bos_id(),
        "eos_token": processor.eos_id(),
        "unk_token": processor.unk_id(),
    }
    roles = {role: processor.id_to_piece(i) for role, i in ids.items() if i >= 0}
    with tempfile.TemporaryDirectory() as folder:
        # the file is read here and written anew, from memory, by save_pretrained
        path = Path(folder, "tokenizer.model")
        path.write_bytes(model)
        return SentencePieceBackend(vocab_file=str(path), split_special_tokens=True, **roles)


def _nonblank(texts: Iterable[str]) -> Iterator[str]:
    found = False
    for text in texts:
        if text and not text.isspace():
            found = True
            yield text
    if not found:
        raise TextVAEError("tokenizer: there is no text to train it on: every row is blank")


def _require_room(vocab_size: int | None, least: int) -> None:
    if vocab_size is not None and vocab_size < least:
        raise TextVAEError(
            f"tokenizer.vocab_size: {vocab_size} is too small: this kind needs at least {least}, "
            f"{len(SPECIAL_TOKENS)} special tokens among them"
        )
