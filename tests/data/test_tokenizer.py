import json

import pytest
import sentencepiece
from tokenizers import Tokenizer as Pipeline
from tokenizers import models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from textvae.config import (
    BPETokenizerConfig,
    PretrainedTokenizerConfig,
    SentencePieceTokenizerConfig,
    WordTokenizerConfig,
)
from textvae.data import hub
from textvae.data.tokenizer import Tokenizer, build_tokenizer
from textvae.errors import TextVAEError

NATURAL = [
    "The soup, cold.",
    'He said "it\'s over" (really?!) and left...',
    "It costs $5.50, or 5% of US$ 110; don't ask.",
    "The dogs' dinner -- in New-York -- wasn't ready.",
    "Mr. Smith came from the U.S. in the '80s.",
]
TOKENISED = [
    "the soup , cold .",
    "abc 's net fell to us$ N million from the u.s. group <unk> corp. N",
    "`` it was n't over , '' he said -- at N p.m.",
    "a _num_ min walk from the w hotel .",
]
CORPUS = NATURAL + TOKENISED + ["the cat sat on the mat and saw the dog"] * 5
STRANGE = ["</s> <s> <pad>", "über die Brücke 你好", "xyzzy, (plugh).", "x\ty", "a<s>b </s>."]

TRAINED = {
    "word": WordTokenizerConfig(),
    "lowercase word": WordTokenizerConfig(lowercase=True, min_count=2),
    "bpe": BPETokenizerConfig(vocab_size=300),
    "unigram": SentencePieceTokenizerConfig(vocab_size=120),
    "sentencepiece bpe": SentencePieceTokenizerConfig(algorithm="bpe", vocab_size=120),
}


@pytest.fixture(scope="module")
def trained():
    return {name: build_tokenizer(config, iter(CORPUS)) for name, config in TRAINED.items()}


def error_of(config, texts=CORPUS):
    with pytest.raises(TextVAEError) as caught:
        build_tokenizer(config, texts)
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- all kinds ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRAINED)
def test_autotokenizer_gives_the_same_ids_from_the_saved_folder(trained, name, tmp_path):
    tokenizer = trained[name]
    tokenizer.save(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"latent": 3}))  # a model beside it
    ids = tokenizer.encode(CORPUS + STRANGE)
    reloaded = AutoTokenizer.from_pretrained(tmp_path)
    assert reloaded(CORPUS + STRANGE, add_special_tokens=False)["input_ids"] == ids
    again = Tokenizer.load(tmp_path)
    assert again.encode(CORPUS + STRANGE) == ids
    assert again.specials == tokenizer.specials
    assert again.vocab_size == tokenizer.vocab_size
    assert again.fingerprint == tokenizer.fingerprint
    assert again.decode(ids) == tokenizer.decode(ids)


@pytest.mark.parametrize("name", ["word", "bpe", "unigram", "sentencepiece bpe"])
def test_texts_come_back_as_they_were(trained, name):
    tokenizer = trained[name]
    assert tokenizer.decode(tokenizer.encode(CORPUS)) == CORPUS
    assert not any(tokenizer.loses(text) for text in CORPUS)


@pytest.mark.parametrize("name", TRAINED)
def test_no_text_spells_a_control_token(trained, name):
    tokenizer = trained[name]
    specials = tokenizer.specials
    for row in tokenizer.encode(["</s>", "a <s> b", "<pad>", "(</s>).", "a</s>b", "</S>"]):
        assert not {specials.pad_id, specials.bos_id, specials.eos_id} & set(row)
        assert row


@pytest.mark.parametrize("name", TRAINED)
def test_the_four_roles_are_distinct_and_in_the_vocabulary(trained, name):
    tokenizer = trained[name]
    roles = [tokenizer.pad_id, tokenizer.bos_id, tokenizer.eos_id, tokenizer.unk_id]
    assert len(set(roles)) == 4
    assert max(max(row) for row in tokenizer.encode(CORPUS)) < tokenizer.vocab_size
    assert tokenizer.tokens(roles)[:3] == ["<pad>", "<s>", "</s>"]


@pytest.mark.parametrize("name", TRAINED)
def test_decoding_stops_at_the_end_and_hides_specials(trained, name):
    tokenizer = trained[name]
    words = tokenizer.encode(["the cat sat"])[0]
    other = tokenizer.encode(["dog"])[0]
    row = [tokenizer.bos_id, *words, tokenizer.eos_id, tokenizer.pad_id, *other]
    assert tokenizer.decode([row, [], words]) == ["the cat sat", "", "the cat sat"]


def test_fingerprints_tell_vocabularies_apart(trained):
    assert len({tokenizer.fingerprint for tokenizer in trained.values()}) == len(trained)
    fewer = build_tokenizer(WordTokenizerConfig(vocab_size=20), CORPUS)
    assert fewer.fingerprint != trained["word"].fingerprint
    before = fewer.fingerprint
    fewer.transformers(["a", "b c"], padding=True, truncation=True, max_length=5)
    assert fewer.fingerprint == before


@pytest.mark.parametrize("name", ["word", "bpe"])
def test_the_saved_tokenizer_adds_start_and_end_by_default(trained, name):
    tokenizer = trained[name]
    ids = tokenizer.transformers("the cat")["input_ids"]
    assert ids == [tokenizer.bos_id, *tokenizer.encode(["the cat"])[0], tokenizer.eos_id]


@pytest.mark.parametrize("config", [WordTokenizerConfig(), SentencePieceTokenizerConfig()])
def test_nothing_to_train_on_is_an_error(config):
    assert "every row is blank" in error_of(config, ["", " \n"])


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The soup, cold.", "The soup ￭, cold ￭."),
        ("the soup , cold .", "the soup , cold ."),
        ('"Cold," (he) said.', '"￭ Cold ￭," (￭ he ￭) said ￭.'),
        ("abc 's u.s. n't mr. N", "abc 's u.s. n't mr. N"),
        ("It ended. The u.s. won.", "It ended ￭. The u.s. won ￭."),
        ("new-york us$ $5 5%", "new-york us$ $￭ 5 5 ￭%"),
        ("(<unk>), <unk>. <unk>", "(￭ <unk> ￭), <unk>. <unk>"),
        ("'cold' '80s _num_, well...", "'￭ cold ￭' '80s _num_ ￭, well ￭..."),
        ("\\* -- ... :)", "\\* -- ... :)"),
        ("</s>", "</￭ s ￭>"),
    ],
)
def test_marks_are_split_off_the_edges_of_words_only(text, tokens):
    tokenizer = build_tokenizer(WordTokenizerConfig(), [text])
    ids = tokenizer.encode([text])
    assert " ".join(tokenizer.tokens(ids[0])) == tokens
    assert tokenizer.decode(ids) == [text]


def test_the_unknown_token_of_a_text_is_the_unknown_token(trained):
    tokenizer = trained["word"]
    ids = tokenizer.encode(["the <unk> cat", "the xyzzy cat"])
    assert ids[0] == ids[1]
    assert ids[0][1] == tokenizer.unk_id == 3
    assert tokenizer.decode(ids) == ["the <unk> cat"] * 2
    assert not tokenizer.loses("the <unk> cat")
    assert tokenizer.loses("the xyzzy cat")
    assert tokenizer.loses("the  cat")  # a second space
    assert not tokenizer.loses(" the cat \n")


def test_frequent_words_are_kept_and_specials_are_counted():
    texts = ["a a a b b c", "c d"]
    assert build_tokenizer(WordTokenizerConfig(), texts).vocab_size == 4 + 4
    six = build_tokenizer(WordTokenizerConfig(vocab_size=6), texts)
    assert six.tokens(range(6)) == ["<pad>", "<s>", "</s>", "<unk>", "a", "b"]
    twice = build_tokenizer(WordTokenizerConfig(min_count=2), texts)
    assert twice.tokens(range(twice.vocab_size))[4:] == ["a", "b", "c"]
    with_unknown = build_tokenizer(WordTokenizerConfig(), ["a <unk> <unk> b"])
    assert with_unknown.vocab_size == 4 + 2


def test_lowercase(trained):
    tokenizer = trained["lowercase word"]
    assert tokenizer.encode(["The CAT"]) == tokenizer.encode(["the cat"])
    assert tokenizer.loses("The cat")


def test_word_errors():
    assert "min_count" in error_of(WordTokenizerConfig(min_count=100))
    assert "too small" in error_of(WordTokenizerConfig(vocab_size=4))


# --- byte-level pairs ---------------------------------------------------------------------------


def test_bytes_lose_nothing(trained):
    tokenizer = trained["bpe"]
    texts = [*STRANGE, " two  spaces ", "<unk>", "🙂\u200d"]
    assert tokenizer.decode(tokenizer.encode(texts)) == texts
    assert tokenizer.unk_id not in {i for row in tokenizer.encode(texts) for i in row}


def test_bpe_needs_room_for_all_bytes():
    assert "at least 260" in error_of(BPETokenizerConfig(vocab_size=259))


# --- sentencepiece ------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["unigram", "bpe"])
def test_ids_are_those_of_the_sentencepiece_library(tmp_path, algorithm):
    # a model as others train it: the library's own normalisation and no padding piece
    prefix = str(tmp_path / "pieces")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_prefix=prefix, model_type=algorithm,
        vocab_size=100, hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    processor = sentencepiece.SentencePieceProcessor(model_file=f"{prefix}.model")
    tokenizer = build_tokenizer(SentencePieceTokenizerConfig(model=f"{prefix}.model"), [])
    texts = CORPUS + STRANGE + ["", "ﬁne　spaces", "  lead"]
    assert tokenizer.encode(texts) == processor.encode(texts)
    assert tokenizer.pad_id == processor.get_piece_size() == tokenizer.vocab_size - 1
    assert (tokenizer.bos_id, tokenizer.eos_id) == (processor.bos_id(), processor.eos_id())
    tokenizer.save(tmp_path / "saved")
    reloaded = AutoTokenizer.from_pretrained(tmp_path / "saved")
    assert reloaded(texts, add_special_tokens=False)["input_ids"] == processor.encode(texts)
    assert reloaded.pad_token_id == tokenizer.pad_id


def test_sentencepiece_errors(tmp_path):
    assert "cannot make 9 pieces" in error_of(SentencePieceTokenizerConfig(vocab_size=9))
    missing = str(tmp_path / "none.model")
    assert f"no file '{missing}'" in error_of(SentencePieceTokenizerConfig(model=missing))
    (tmp_path / "bad.model").write_text("words")
    bad = SentencePieceTokenizerConfig(model=str(tmp_path / "bad.model"))
    assert "no SentencePiece model" in error_of(bad)


@pytest.mark.parametrize("algorithm", ["unigram", "bpe"])
def test_fewer_pieces_than_asked_for_are_fine(algorithm):
    config = SentencePieceTokenizerConfig(algorithm=algorithm, vocab_size=50_000)
    tokenizer = build_tokenizer(config, CORPUS)
    assert tokenizer.vocab_size < 1_000
    assert tokenizer.decode(tokenizer.encode(CORPUS)) == CORPUS


# --- pretrained ---------------------------------------------------------------------------------


def pretrained(folder, vocabulary, **roles):
    pipeline = Pipeline(models.WordLevel({w: i for i, w in enumerate(vocabulary)}, unk_token="?"))
    pipeline.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    PreTrainedTokenizerFast(tokenizer_object=pipeline, **roles).save_pretrained(folder)
    return build_tokenizer(PretrainedTokenizerConfig(path=str(folder)), [])


def test_class_and_separator_start_and_end_a_sentence(tmp_path):
    vocabulary = ["[PAD]", "?", "[CLS]", "[SEP]", "a", "b"]
    roles = {"pad_token": "[PAD]", "unk_token": "?", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = pretrained(tmp_path, vocabulary, **roles)
    assert (tokenizer.pad_id, tokenizer.bos_id, tokenizer.eos_id) == (0, 2, 3)
    assert tokenizer.unk_id == 1
    assert tokenizer.vocab_size == 6
    assert tokenizer.encode(["a b c"]) == [[4, 5, 1]]
    assert tokenizer.decode([[2, 4, 1, 3, 0]]) == ["a ?"]


def test_missing_roles_are_added_and_saved(tmp_path):
    vocabulary = ["<|endoftext|>", "a", "b"]
    roles = dict.fromkeys(("bos_token", "eos_token", "unk_token"), "<|endoftext|>")
    tokenizer = pretrained(tmp_path / "given", vocabulary, **roles)
    assert (tokenizer.bos_id, tokenizer.eos_id, tokenizer.pad_id) == (0, 0, 3)
    assert tokenizer.vocab_size == 4
    assert tokenizer.unk_id is None  # the end of a sentence cannot stand for a word
    assert tokenizer.decode([[0, 1, 2, 0, 3]]) == ["a b"]
    tokenizer.save(tmp_path / "saved")
    reloaded = AutoTokenizer.from_pretrained(tmp_path / "saved")
    assert reloaded.pad_token_id == 3
    assert reloaded("a b", add_special_tokens=False)["input_ids"] == tokenizer.encode(["a b"])[0]
    assert Tokenizer.load(tmp_path / "saved").specials == tokenizer.specials


def test_pretrained_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(hub, "check_known", lambda *_: pytest.fail("the hub was asked"))
    missing = str(tmp_path / "none")
    assert f"no folder '{missing}'" in error_of(PretrainedTokenizerConfig(path=missing))
    assert "no tokenizer in" in error_of(PretrainedTokenizerConfig(path=str(tmp_path)))
