"""The words of the English grammar: eight topics, and the word lists that they share."""

from textvae.grammar.lexicon.leisure import MUSIC, SPORTS, TRAVEL
from textvae.grammar.lexicon.living import FOOD, WEATHER
from textvae.grammar.lexicon.office import SCHOOL, TECHNOLOGY, WORK

TOPICS: dict[str, dict[str, str]] = {
    "food": FOOD,
    "weather": WEATHER,
    "travel": TRAVEL,
    "work": WORK,
    "school": SCHOOL,
    "sports": SPORTS,
    "music": MUSIC,
    "technology": TECHNOLOGY,
}
