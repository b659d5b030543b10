"""The probabilistic grammar behind the shipped corpus: draw, score and parse sentences exactly."""

from textvae.grammar.english import english
from textvae.grammar.grammar import Grammar, Sentence
from textvae.grammar.rules import Root, Rule, Symbol

__all__ = ["Grammar", "Root", "Rule", "Sentence", "Symbol", "english"]
