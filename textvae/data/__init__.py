"""From a dataset to batches: sources, tokenizers, encoded texts, batches. Imports no model."""
