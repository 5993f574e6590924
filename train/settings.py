"""One configuration for a whole training job: every stage's schedule, and what the gate asks for.

A job row carries it as JSON, so that a version can be traced to the exact settings that made it. Where files and
the database lie is not here but in ``feedback_db.settings``. The defaults retrain a model of a few million weights
on some two dozen signed readings within five minutes on two processor cores.
"""

from pydantic import BaseModel, ConfigDict, Field, model_validator

REWARD_NAMES = ("radcliq_lite", "preference", "consistency", "errors", "guards")

# Only the decoder learns: bare module names would also match the vision tower and the region extractor.
LORA_TARGETS = r".*language_model.*\.(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LoraSettings(_Section):
    """Low-rank adapters on the decoder; merged into the weights when a stage ends."""

    rank: int = Field(16, ge=1)
    alpha: int = Field(32, ge=1)
    dropout: float = Field(0.0, ge=0, lt=1)
    targets: str = LORA_TARGETS


class SftSettings(_Section):
    """Supervised fine-tuning on signed reports, with replayed phantoms against forgetting.

    Attributes:
        replay_share: phantoms of the base site mixed in, as a share of the signed readings. With a quarter, two dozen
            readings in a new style cost the decoder more of what it sees than they taught it; two did not.
    """

    epochs: int = Field(8, ge=0)
    batch_size: int = Field(16, ge=1)
    learning_rate: float = Field(1e-3, gt=0)
    warmup_share: float = Field(0.1, ge=0, le=1)
    replay_share: float = Field(2.0, ge=0)
    checkpoint_every: int = Field(20, ge=1)


class PreferenceSettings(_Section):
    """The Bradley-Terry scorer of texts.

    Attributes:
        minimum_comparisons: with fewer the scorer stays silent.
        minimum_accuracy: share of held-back comparisons that it must get right to be heard.
        ridge: strength of the quadratic penalty on its weights.
    """

    minimum_comparisons: int = Field(8, ge=2)
    minimum_accuracy: float = Field(0.6, ge=0.5, le=1)
    ridge: float = Field(1.0, gt=0)


class GrpoPhase(_Section):
    """One stretch of reinforcement with its own rewards; a later phase starts from the policy of the one before.

    Attributes:
        rewards: weight of each reward by name; each is normalised within its group before it is weighted.
        beta: strength of the pull back to the policy that the phase started from (0: none).
    """

    steps: int = Field(30, ge=0)
    beta: float = Field(0.0, ge=0)
    rewards: dict[str, float] = Field(
        default_factory=lambda: {"radcliq_lite": 1.0, "preference": 0.5, "consistency": 0.3, "guards": 0.3}
    )

    @model_validator(mode="after")
    def _known_rewards(self) -> "GrpoPhase":
        unknown = sorted(set(self.rewards) - set(REWARD_NAMES))
        if unknown:
            raise ValueError(f"Unknown rewards {', '.join(unknown)}; there are {', '.join(REWARD_NAMES)}.")
        if not self.rewards:
            raise ValueError("A phase of reinforcement needs at least one reward.")
        return self


class GrpoSettings(_Section):
    """Group-relative policy optimisation (TRL): several texts per study, each judged against the others.

    Attributes:
        generations: texts per study and step.
        studies_per_step: distinct studies in a step.
        clip_low, clip_high: DAPO's bounds on the probability ratio (arXiv 2503.14476, section 3.1).
        checkpoint_every, sample_every: in steps.
    """

    phases: tuple[GrpoPhase, ...] = (GrpoPhase(),)
    generations: int = Field(8, ge=2)
    studies_per_step: int = Field(4, ge=1)
    max_new_tokens: int = Field(128, ge=4)
    learning_rate: float = Field(2e-4, gt=0)
    temperature: float = Field(1.0, gt=0)
    clip_low: float = Field(0.2, gt=0)
    clip_high: float = Field(0.28, gt=0)
    checkpoint_every: int = Field(10, ge=1)
    sample_every: int = Field(5, ge=1)


class EvaluateSettings(_Section):
    """Candidate and live version on the same studies.

    Attributes:
        base_set: how many frozen phantoms watch over what the model could do before.
        resamples: of the paired bootstrap.
    """

    base_set: int = Field(32, ge=0)
    batch_size: int = Field(16, ge=1)
    resamples: int = Field(2000, ge=100)


class GateSettings(_Section):
    """What a candidate must show. A margin is the worst change of a figure that is still let through.

    Attributes:
        minimum_held_out: signed held-out studies without which nothing is promoted.
        label_f1_margin, errors_margin: on the held-out studies; F1 may fall, errors per report may rise by this.
        base_label_f1_margin, base_errors_margin: the same on the base set, against forgetting.
        all_normal_margin: by how much the share of reports that name nothing may rise over the references' share.
        length_ratio: longest mean length let through, as a multiple of the references' mean length.
    """

    minimum_held_out: int = Field(6, ge=2)
    label_f1_margin: float = Field(0.03, ge=0)
    errors_margin: float = Field(0.15, ge=0)
    base_label_f1_margin: float = Field(0.05, ge=0)
    base_errors_margin: float = Field(0.3, ge=0)
    all_normal_margin: float = Field(0.15, ge=0)
    length_ratio: float = Field(1.5, ge=1)


class TrainingConfig(_Section):
    """Everything that decides what a job does, apart from the data."""

    seed: int = 0
    minimum_readings: int = Field(8, ge=1)
    lora: LoraSettings = LoraSettings()
    sft: SftSettings = SftSettings()
    preference: PreferenceSettings = PreferenceSettings()
    grpo: GrpoSettings = GrpoSettings()
    evaluate: EvaluateSettings = EvaluateSettings()
    gate: GateSettings = GateSettings()
