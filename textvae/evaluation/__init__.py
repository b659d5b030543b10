"""What is measured about a model. Knows no optimiser and no training."""
