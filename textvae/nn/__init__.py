"""Encoders, decoders and latents: modules with flat keyword arguments, no config objects."""
