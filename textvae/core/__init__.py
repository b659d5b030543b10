"""Terms, bounds, objectives, distributions, diagnostics. Imports torch and nothing of ours."""
