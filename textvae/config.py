"""The configuration: what a YAML file may say, with types, defaults and units.

Reading a file, overrides and error messages are in `textvae.config_file`. Nothing here imports
torch, so that a config is checked before anything heavy is loaded.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)

from textvae import schedules


class Section(BaseModel):
    """A part of the configuration: immutable, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _constant_from_number(value: Any) -> Any:
    """`1e-3` (a string, for YAML 1.1) and `0.5` both mean the constant schedule."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ValueError("expected a number or a schedule, as {kind: linear, ...}") from None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return schedules.Constant(float(value))
    return value


Schedule = Annotated[
    schedules.Schedule, Field(discriminator="kind"), BeforeValidator(_constant_from_number)
]


def _never_below(lowest: float, *, excluded: bool = False) -> AfterValidator:
    """A schedule moves between values of which none may be below `lowest` (or equal to it)."""

    def check(schedule: schedules.Schedule) -> schedules.Schedule:
        for name in ("value", "start", "end", "peak"):
            value = getattr(schedule, name, lowest + 1)
            if not value >= lowest or (excluded and value == lowest):
                bound = "above" if excluded else "at least"
                raise ValueError(f"{name} must be {bound} {lowest:g}, not {value:g}")
        return schedule

    return AfterValidator(check)


NonNegativeSchedule = Annotated[Schedule, _never_below(0.0)]
PositiveSchedule = Annotated[Schedule, _never_below(0.0, excluded=True)]
Probability = Annotated[float, Field(ge=0.0, lt=1.0)]
PositiveFloat = Annotated[float, Field(gt=0.0)]


# --- data -----------------------------------------------------------------------------------


class DataConfig(Section):
    """Where the sentences come from: arguments of `datasets.load_dataset`, and the text column."""

    path: str | None = Field(
        None, description="hub id, or a builder: text, json, csv, parquet (with data_files)"
    )
    from_disk: str | None = Field(None, description="folder written by Dataset.save_to_disk")
    name: str | None = Field(None, description="config name of a hub dataset")
    revision: str | None = Field(None, description="git revision of a hub dataset")
    data_files: str | list[str] | dict[str, str | list[str]] | None = None
    train: str = Field("train", description="split to train on; slices as in 'train[:90%]'")
    validation: str | None = Field(
        None, description="split; left out: 'validation' if there is one, else carved off train"
    )
    test: str | None = Field(None, description="split; left out: 'test' if there is one")
    validation_size: PositiveFloat = Field(
        0.05, description="what is carved off: a share (below 1) or a number of rows"
    )
    streaming: bool = Field(False, description="read row by row, never hold the dataset")
    shuffle_block: PositiveInt = Field(
        10_000, description="rows that are shuffled together when streaming"
    )
    text: str = Field("text", description="column that holds the text")
    max_length: PositiveInt = Field(64, ge=2, description="tokens, the end token counted")
    overlong: Literal["drop", "truncate"] = Field(
        "drop", description="what happens to a longer text; either way it is counted and reported"
    )
    grammar: Literal["english"] | None = Field(
        None, description="the grammar that wrote the corpus: evaluation then knows the truth"
    )

    @model_validator(mode="after")
    def _one_source(self) -> "DataConfig":
        if self.path is not None and self.from_disk is not None:
            raise ValueError("give `path` or `from_disk`, not both")
        if self.from_disk is not None and self.streaming:
            raise ValueError(
                "`streaming` reads through `path`; `from_disk` is already memory-mapped"
            )
        return self


# --- tokenizer ------------------------------------------------------------------------------


class WordTokenizerConfig(Section):
    """Whitespace-separated words, punctuation apart; unknown words become the unknown token."""

    kind: Literal["word"] = "word"
    vocab_size: PositiveInt | None = Field(None, description="most frequent words kept; null: all")
    min_count: PositiveInt = Field(1, description="words seen less often become unknown")
    lowercase: bool = False


class BPETokenizerConfig(Section):
    """Byte-level byte-pair encoding: no text is unknown."""

    kind: Literal["bpe"] = "bpe"
    vocab_size: PositiveInt = 8_000
    min_count: PositiveInt = 2
    lowercase: bool = False


class SentencePieceTokenizerConfig(Section):
    """SentencePiece, trained here or loaded from a `.model` file."""

    kind: Literal["sentencepiece"] = "sentencepiece"
    model: str | None = Field(None, description="path of a trained .model; null: train one")
    algorithm: Literal["unigram", "bpe"] = "unigram"
    vocab_size: PositiveInt = 8_000


class PretrainedTokenizerConfig(Section):
    """Any tokenizer that `AutoTokenizer` loads: a folder or a hub id."""

    kind: Literal["pretrained"] = "pretrained"
    path: str


TokenizerConfig = Annotated[
    WordTokenizerConfig
    | BPETokenizerConfig
    | SentencePieceTokenizerConfig
    | PretrainedTokenizerConfig,
    Field(discriminator="kind"),
]


# --- model ----------------------------------------------------------------------------------


class LSTMEncoderConfig(Section):
    """LSTM over the sentence; its features are the last hidden states of the top layer."""

    kind: Literal["lstm"] = "lstm"
    embedding: PositiveInt = 256
    hidden: PositiveInt = 256
    layers: PositiveInt = 1
    bidirectional: bool = False
    dropout: Probability = Field(0.0, description="on embeddings, between layers, on the features")


class TransformerSection(Section):
    """The sizes that Transformer encoders and decoders share."""

    width: PositiveInt = 256
    layers: PositiveInt = 2
    heads: PositiveInt = 4
    feedforward: PositiveInt | None = Field(None, description="hidden width; null: 4 * width")

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Self:
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is not a multiple of heads {self.heads}")
        return self


class TransformerEncoderConfig(TransformerSection):
    """Pre-norm Transformer; its features are the mean over the real tokens."""

    kind: Literal["transformer"] = "transformer"
    dropout: Probability = 0.1


class LSTMDecoderConfig(Section):
    """LSTM language model conditioned on z."""

    kind: Literal["lstm"] = "lstm"
    embedding: PositiveInt = 256
    hidden: PositiveInt = 256
    layers: PositiveInt = 1
    latent_input: Literal["initial_state", "every_step", "both"] = "both"
    input_dropout: Probability = 0.0
    output_dropout: Probability = 0.0
    tied_embeddings: bool = Field(False, description="output weights = input embeddings")


class TransformerDecoderConfig(TransformerSection):
    """Causal pre-norm Transformer conditioned on z."""

    kind: Literal["transformer"] = "transformer"
    latent_input: Literal["prefix", "embedding", "both"] = "both"
    input_dropout: Probability = 0.1
    output_dropout: Probability = 0.1
    tied_embeddings: bool = True


class GaussianLatentConfig(Section):
    """Diagonal Gaussian posterior, standard normal prior."""

    kind: Literal["gaussian"] = "gaussian"
    size: PositiveInt = 32


class CategoricalLatentConfig(Section):
    """`variables` independent categorical variables of `classes` classes, uniform prior."""

    kind: Literal["categorical"] = "categorical"
    variables: PositiveInt = 20
    classes: PositiveInt = Field(10, ge=2)
    estimator: Literal["gumbel_softmax", "straight_through"] = "gumbel_softmax"
    temperature: PositiveSchedule = schedules.Exponential(start=1.0, end=0.5)


EncoderConfig = Annotated[LSTMEncoderConfig | TransformerEncoderConfig, Field(discriminator="kind")]
DecoderConfig = Annotated[LSTMDecoderConfig | TransformerDecoderConfig, Field(discriminator="kind")]
LatentConfig = Annotated[
    GaussianLatentConfig | CategoricalLatentConfig, Field(discriminator="kind")
]


class ModelConfig(Section):
    """Encoder, latent and decoder of the one `VAE` class."""

    encoder: EncoderConfig = LSTMEncoderConfig()
    latent: LatentConfig = GaussianLatentConfig()
    decoder: DecoderConfig = LSTMDecoderConfig()
    initialization: Literal["torch", "uniform", "orthogonal", "gpt2"] = Field(
        "torch", description="see textvae/nn/initialization.py"
    )


# --- objective ------------------------------------------------------------------------------


class FreeBitsConfig(Section):
    """Nats of KL that cost nothing (Kingma et al. 2016)."""

    nats: PositiveFloat
    scope: Literal["unit", "total", "unit_batch_mean"] = "unit_batch_mean"


class ObjectiveConfig(Section):
    """What training adds to the bound."""

    kl_weight: NonNegativeSchedule = schedules.Constant(1.0)
    free_bits: FreeBitsConfig | None = None


class CorruptionConfig(Section):
    """Noise on the input while training; the target stays clean."""

    word_dropout: Probability = Field(
        0.0, description="share of the decoder's input words replaced by the unknown token"
    )


# --- training -------------------------------------------------------------------------------


class AdamWConfig(Section):
    """AdamW (Loshchilov and Hutter 2019)."""

    kind: Literal["adamw"] = "adamw"
    betas: tuple[Probability, Probability] = (0.9, 0.999)
    weight_decay: Annotated[float, Field(ge=0.0)] = 0.0


class SGDConfig(Section):
    """Stochastic gradient descent."""

    kind: Literal["sgd"] = "sgd"
    momentum: Probability = 0.0
    weight_decay: Annotated[float, Field(ge=0.0)] = 0.0


OptimizerConfig = Annotated[AdamWConfig | SGDConfig, Field(discriminator="kind")]


class JointUpdateConfig(Section):
    """One step for encoder and decoder together."""

    kind: Literal["joint"] = "joint"


class AggressiveUpdateConfig(Section):
    """Aggressive training of the inference network (He et al. 2019, Algorithm 1)."""

    kind: Literal["aggressive"] = "aggressive"
    max_inner_steps: PositiveInt = 99
    check_every: PositiveInt = 15


UpdateConfig = Annotated[JointUpdateConfig | AggressiveUpdateConfig, Field(discriminator="kind")]


class PlateauConfig(Section):
    """Cut the learning rate by `factor` after `patience` validations without a better bound."""

    factor: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.5
    patience: PositiveInt = 2


class EarlyStoppingConfig(Section):
    """Stop after `patience` validations without a better bound."""

    patience: PositiveInt = 5


class TrainConfig(Section):
    """The training loop. Steps are parameter updates (of the decoder, in the aggressive phase)."""

    steps: PositiveInt | None = None
    epochs: PositiveFloat | None = Field(None, description="instead of steps")
    batch_size: PositiveInt = Field(64, description="sentences in a batch")
    accumulate: PositiveInt = Field(1, description="batches in a step")
    optimizer: OptimizerConfig = AdamWConfig()
    lr: NonNegativeSchedule = schedules.Constant(1e-3)
    plateau: PlateauConfig | None = None
    clip: PositiveFloat | None = Field(5.0, description="largest norm of the gradient")
    update: UpdateConfig = JointUpdateConfig()
    precision: Literal["fp32", "bf16"] = "fp32"
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    log_every: PositiveInt = 20
    validate_every: PositiveInt | None = Field(None, description="steps; null: every epoch")
    checkpoint_every: PositiveInt | None = Field(None, description="steps; null: at validation")
    keep_checkpoints: PositiveInt = 2
    early_stopping: EarlyStoppingConfig | None = None

    @model_validator(mode="after")
    def _one_length(self) -> "TrainConfig":
        if (self.steps is None) == (self.epochs is None):
            raise ValueError("give `steps` or `epochs`, one of the two")
        return self


class Config(Section):
    """A whole training run."""

    seed: NonNegativeInt = 0
    data: DataConfig
    tokenizer: TokenizerConfig = WordTokenizerConfig()
    model: ModelConfig = ModelConfig()
    objective: ObjectiveConfig = ObjectiveConfig()
    corruption: CorruptionConfig = CorruptionConfig()
    train: TrainConfig
