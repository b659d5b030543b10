"""The output layer over the vocabulary: log-likelihood of target tokens from hidden states.

Only hidden states at real targets come here: the logits of padding are never computed.
"""

from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from textvae.nn.precision import at_least_fp32


class VocabularyOutput(nn.Module):
    """Logits over the vocabulary, optionally with the weights of the input embeddings.

    Tied weights (Press and Wolf 2017) need hidden states as wide as the embeddings; where they
    are not, a linear map comes first.
    """

    def __init__(self, *, hidden: int, vocabulary: int, tied_to: nn.Embedding | None) -> None:
        super().__init__()
        self.project: nn.Module = nn.Identity()
        width = hidden
        if tied_to is not None:
            width = tied_to.embedding_dim
            if width != hidden:
                self.project = nn.Linear(hidden, width, bias=False)
        self.output = nn.Linear(width, vocabulary)
        if tied_to is not None:
            self.output.weight = tied_to.weight

    def forward(self, hidden: Float[Tensor, "tokens hidden"]) -> Float[Tensor, "tokens vocabulary"]:
        """Unnormalised log-probabilities."""
        return self.output(self.project(hidden))

    def log_likelihood(
        self, hidden: Float[Tensor, "tokens hidden"], target: Int[Tensor, " tokens"]
    ) -> Float[Tensor, " tokens"]:
        """log p(target) of each token, nats; the softmax is taken in fp32 at least."""
        return -F.cross_entropy(at_least_fp32(self(hidden)), target, reduction="none")
