"""English inflection: regular by rule, irregular as the lexicon spells it.

The lexicon writes a regular word alone and an irregular one with its forms after slashes:
`knife/knives` (singular/plural), `eat/ate/eaten` (base/past/participle).
"""

VOWELS = "aeiou"


def noun_forms(entry: str) -> tuple[str, str]:
    """Singular and plural."""
    singular, _, plural = entry.partition("/")
    if plural:
        return singular, plural
    if singular.endswith(("s", "x", "z", "ch", "sh")):
        return singular, singular + "es"
    if singular[-1] == "y" and singular[-2] not in VOWELS:
        return singular, singular[:-1] + "ies"
    return singular, singular + "s"


def verb_forms(entry: str) -> dict[str, str]:
    """The forms base, third (person singular), past, participle and ing."""
    base, *irregular = entry.split("/")
    stem = base + base[-1] if _doubles(base) else base
    past = stem + "ed"
    if base.endswith("e"):
        past = base + "d"
    elif base[-1] == "y" and base[-2] not in VOWELS:
        past = base[:-1] + "ied"
    silent_e = base.endswith("e") and not base.endswith(("ee", "oe", "ye"))
    return {
        "base": base,
        "third": noun_forms(base)[1],
        "past": irregular[0] if irregular else past,
        "participle": irregular[-1] if irregular else past,
        "ing": (base[:-1] if silent_e else stem) + "ing",
    }


def with_article(word: str) -> str:
    """The word after its indefinite article; the lexicon has no word such as `hour` or `user`."""
    return ("an " if word[0] in VOWELS else "a ") + word


def _doubles(base: str) -> bool:
    """Whether the last consonant doubles: one-syllable consonant-vowel-consonant (stop, plan)."""
    if len(base) < 3 or base[-1] in VOWELS + "wxy" or base[-2] not in VOWELS:
        return False
    return base[-3] not in VOWELS and sum(letter in VOWELS for letter in base) == 1
