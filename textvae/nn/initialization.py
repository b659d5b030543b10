"""Weight initialisation by name, applied to a whole model once it is built."""

from typing import Literal

from torch import nn


def initialize(model: nn.Module, scheme: Literal["torch", "uniform", "orthogonal", "gpt2"]) -> None:
    """Overwrite the weights of `model` in place.

    "torch": leave what PyTorch's modules chose. "uniform": U(-0.01, 0.01), embeddings
    U(-0.1, 0.1), as He et al. 2019. "orthogonal": recurrent matrices orthogonal gate by gate,
    forget gates open (bias 1), other matrices Glorot-uniform. "gpt2": N(0, 0.02), biases 0
    (Radford et al. 2019).
    Output weights that are tied to input embeddings are embeddings.
    """
    if scheme == "torch":
        return
    done = set()
    for module in model.modules():
        if isinstance(module, nn.LayerNorm):
            continue
        for name, parameter in module.named_parameters(recurse=False):
            if id(parameter) in done:  # tied: the embedding came first
                continue
            done.add(id(parameter))
            if scheme == "uniform":
                bound = 0.1 if isinstance(module, nn.Embedding) else 0.01
                nn.init.uniform_(parameter, -bound, bound)
            elif parameter.dim() < 2:
                nn.init.zeros_(parameter)
                if scheme == "orthogonal" and name.startswith("bias_hh"):
                    hidden = parameter.shape[0] // 4
                    nn.init.ones_(parameter.data[hidden : 2 * hidden])  # gates: i, f, g, o
            elif scheme == "gpt2":
                nn.init.normal_(parameter, std=0.02)
            elif isinstance(module, nn.Embedding):
                nn.init.normal_(parameter, std=0.1)
            elif name.startswith("weight_hh"):
                for gate in parameter.data.chunk(4, dim=0):
                    nn.init.orthogonal_(gate)
            else:
                nn.init.xavier_uniform_(parameter)
