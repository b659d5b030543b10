r"""Where punctuation is taken off a word, as rewriting rules that a saved tokenizer can carry.

Marks at the edges of a word are set apart, with a joiner that remembers the missing space:

    The soup, "cold".   ->   The soup ￭, "￭ cold ￭".
    the soup , cold .   ->   the soup , cold .

A run of marks stays one token, and a token of marks alone stays as it is. Text that was tokenised
before keeps its tokens, which is what makes word-level results comparable:

- marks inside a word are part of it: n't, new-york, hydro-quebec;
- so are the apostrophe of a contraction ('s, 're, '80s), the underscore of a placeholder (_num_),
  a currency sign behind letters (us$), and the unknown token;
- a single period ends a sentence, and is split off, only where the text ends or a capitalised word
  follows; elsewhere, and after an inner period (u.s.), it belongs to an abbreviation.
"""

from tokenizers import Regex, normalizers

JOINER = "￭"

_APOSTROPHE = "['\u2019]"

_MARK = r"[[\p{P}\p{S}]&&[^_]]"
_TRAILING_MARK = r"[[\p{P}\p{S}]&&[^_\p{Sc}]]"


def joined_punctuation(unknown: str) -> list[normalizers.Normalizer]:
    """The rules in order; `unknown` is the unknown token as texts spell it."""
    letter = r"[[^\s\p{P}\p{S}]_]"
    word_end = rf"(?:{unknown}|{letter}(?<!{unknown[:-1]}))"
    sentence_end = rf"(?<!\.\p{{L}})(?=\.(?:$|\s\p{{Lu}}(?:\p{{Ll}}|{_APOSTROPHE})|\s[AI]\s))"
    other_run = rf"(?=(?:(?!\.){_TRAILING_MARK}+|\.{_TRAILING_MARK}+)(?:\s|$))"
    contraction = rf"{_APOSTROPHE}(?:\p{{L}}{{1,3}}(?:\s|$)|\d)"
    leading_run = rf"(?:^|(?<=\s))(?!{contraction})(?:(?!{unknown}){_MARK})+"
    trailing = Regex(rf"{word_end}\K(?:{sentence_end}|{other_run})")
    leading = Regex(rf"{leading_run}\K(?={letter}|{unknown})")
    return [
        normalizers.Replace(Regex(r"\s+"), " "),
        normalizers.Strip(),
        normalizers.Replace(trailing, f" {JOINER}"),
        normalizers.Replace(leading, f"{JOINER} "),
    ]
