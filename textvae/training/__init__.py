"""The training loop and its parts: update rules, controllers, checkpoints, tracking."""
