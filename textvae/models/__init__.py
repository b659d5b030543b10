"""The one VAE class, how it is built from a config, generation, and saving. Imports no data."""
