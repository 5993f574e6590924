"""One configuration for a whole training job: every stage's schedule, and what the gate asks for.

A job's row carries it as JSON, so that a version can be traced to the exact settings that made it. It is checked here
when a job is filed, and again by the worker that runs it; ``read`` says what is wrong in our own words. Where files
and the database lie is not here but in ``feedback_db.settings``; how anything is learned is known to ``train`` alone.
The defaults retrain a model of a few million weights
on forty signed readings in some eight minutes of one processor core, and judge it on three hundred held-out ones in
one and a half more.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from feedback_db.errors import BrokenConfiguration

# The stages that teach, in the order in which they are usually taken.
Teaching = Literal["sft", "preference", "dpo", "grpo"]
REWARD_NAMES = ("radcliq_lite", "preference", "consistency", "errors", "guards")
# Rewards by weights or a server that the installation names; for jobs whose ``scorers`` are ``published``.
PUBLISHED_REWARD_NAMES = ("radcliq_v1", "radgraph_partial", "bertscore", "semb", "ratescore", "judged_errors")

# What ``lmrrg.model.modeling`` calls the parts before the decoder, and layers as they may be named in any of them.
_IMAGE_SIDE = [
    f"model.{part}{layer}"
    for part in ("vision_tower", "region_extractor", "projector", "global_projector")
    for place in (".", ".layers.0.", ".layers.0.self_attn.")
    for layer in ("", *(place + name for name in ("0", "q_proj", "v_proj", "out_proj", "up_proj", "fc1")))
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class LoraSettings(_Section):
    """Low-rank adapters on the decoder; merged into the weights when a stage ends.

    Attributes:
        targets: a regular expression over the whole names of the modules that get one, of the decoder alone; None for
            all of its linear layers, whatever they are called.
    """

    rank: int = Field(16, ge=1)
    alpha: int = Field(32, ge=1)
    dropout: float = Field(0.0, ge=0, lt=1)
    targets: str | None = None

    @field_validator("targets")
    @classmethod
    def _only_the_decoder(cls, targets: str | None) -> str | None:
        if targets is None:
            return None
        try:
            found = [name for name in _IMAGE_SIDE if re.fullmatch(targets, name)]
        except re.error as error:
            raise ValueError(f"lora.targets is not a regular expression: {error}.") from error
        # A word alone, as peft also takes it, or a name without its place may be met on either side.
        if found or "language_model" not in targets:
            raise ValueError(
                f"lora.targets is met on the image's side too{f' ({found[0]})' if found else ''}. Images are encoded "
                "once, before training, so adapters there would learn nothing. Leave it out for all of the decoder, or "
                r"name modules of language_model alone, as in .*language_model.*\.(q_proj|v_proj)"
            )
        return targets


class SftSettings(_Section):
    """Supervised fine-tuning on signed reports, with ``train.data.mixture`` against forgetting.

    Attributes:
        signed_repeats: how often an epoch shows each signed study; everything else comes once.
        reworded: so many other studies are told in the readers' words. What a decoder must be shown so as not to lose
            what it sees does not depend on how many readings there are. Many studies in few epochs: with a quarter of
            them in four times the epochs it learned them by heart and erred more on others.
        replayed: phantoms of the base site mixed in, asked for by the name of their style.
        vocabulary: the decoder's embeddings and output layer learn too. Without them a small decoder cannot begin to
            use words whose tokens it has never written; a large language model has written them all.
        extra_steps: beyond the epochs, so that another way of learning can be compared at the same number of steps.
    """

    epochs: int = Field(3, ge=0)
    batch_size: int = Field(16, ge=1)
    learning_rate: float = Field(2.5e-3, gt=0)
    warmup_share: float = Field(0.1, ge=0, le=1)
    signed_repeats: int = Field(2, ge=1)
    reworded: int = Field(960, ge=0)
    replayed: int = Field(192, ge=0)
    vocabulary: bool = True
    extra_steps: int = Field(0, ge=0)
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


class DpoSettings(_Section):
    """Direct preference optimisation (TRL) on the snapshot's comparisons, for jobs whose ``learn`` names ``dpo``.

    Attributes:
        beta: strength of the pull to the fine-tuned model.
        checkpoint_every: in steps.
    """

    checkpoint_every: int = Field(20, ge=1)
    steps: int = Field(30, ge=1)
    batch_size: int = Field(8, ge=1)
    learning_rate: float = Field(1e-4, gt=0)
    beta: float = Field(0.1, gt=0)


class GrpoPhase(_Section):
    """One stretch of reinforcement with its own rewards; a later phase starts from the policy of the one before.

    Attributes:
        rewards: weight of each reward by name; each is normalised (``train.rewards.advantages``) before it is weighted.
        beta: strength of the pull back to the policy that the phase started from (0: none).
    """

    steps: int = Field(24, ge=0)
    beta: float = Field(0.0, ge=0)
    rewards: dict[str, float] = Field(
        default_factory=lambda: {"radcliq_lite": 1.0, "preference": 0.3, "consistency": 0.3, "guards": 0.3}
    )

    @model_validator(mode="after")
    def _known_rewards(self) -> "GrpoPhase":
        known = REWARD_NAMES + PUBLISHED_REWARD_NAMES
        unknown = sorted(set(self.rewards) - set(known))
        if unknown:
            raise ValueError(f"Unknown rewards {', '.join(unknown)}; there are {', '.join(known)}.")
        if not self.rewards:
            raise ValueError("A phase of reinforcement needs at least one reward.")
        return self


def _two_steps() -> tuple[GrpoPhase, ...]:
    """UniRG's recipe (arXiv 2601.17151): first what the metrics say, unbound; then errors too, held by a pull back."""
    first = GrpoPhase()
    return first, GrpoPhase(beta=0.03, rewards={**first.rewards, "errors": 0.5})


def _by_published_scorers(phase: GrpoPhase) -> GrpoPhase:
    """The phase with ``radcliq_v1`` in the place of ``radcliq_lite``; both named, their weights are added."""
    rewards: dict[str, float] = {}
    for name, weight in phase.rewards.items():
        name = "radcliq_v1" if name == "radcliq_lite" else name
        rewards[name] = rewards.get(name, 0.0) + weight
    return phase.model_copy(update={"rewards": rewards})


class GrpoSettings(_Section):
    """Group-relative policy optimisation (TRL): several texts per study, each judged against the others.

    Attributes:
        phantoms: studies of known truth, told in the readers' words, that fine-tuning has not shown: on what was
            learned by heart the sampled texts have nothing to be told apart by. Of these, as of the signed and unread
            studies, those are taken of which two sampled texts differ in a finding (``train.data.undecided``).
        generations: texts per study and step.
        studies_per_step: distinct studies in a step.
        learning_rate: falls to nothing by the end of each phase. At twice the rate the texts of a decoder that
            fine-tuning has finished get worse by chance.
        temperature: drafts are written greedily. At 1.0 a small decoder's texts fail in ways that greedy ones never
            do, and it learns to avoid those; at 0.5 hardly any two texts of a study differ in a finding.
        checkpoint_every, sample_every: in steps.
    """

    phases: tuple[GrpoPhase, ...] = Field(default_factory=_two_steps)
    phantoms: int = Field(640, ge=0)
    generations: int = Field(8, ge=2)
    studies_per_step: int = Field(8, ge=1)
    max_new_tokens: int = Field(128, ge=4)
    learning_rate: float = Field(2e-4, gt=0)
    temperature: float = Field(0.8, gt=0)
    checkpoint_every: int = Field(10, ge=1)
    sample_every: int = Field(5, ge=1)


class EvaluateSettings(_Section):
    """Candidate and live version on the same studies.

    Attributes:
        base_set: how many frozen phantoms watch over what the model could do before.
        resamples: of the paired bootstrap.
    """

    base_set: int = Field(32, ge=0)
    batch_size: int = Field(32, ge=1)
    resamples: int = Field(2000, ge=100)


class GateSettings(_Section):
    """What a candidate must show. A margin is the worst change of a figure that is still let through.

    Attributes:
        minimum_held_out: signed held-out studies without which nothing is promoted.
        label_f1_margin, errors_margin, laterality_margin, edit_distance_margin: on the held-out studies; F1 and the
            share of right sides may fall, errors and words to edit per report may rise by this.
        category_margin: the same for each of the six categories of error by itself.
        finding_f1_margin, finding_minimum, finding_chance: F1 of one finding may fall by this, where at least so many
            reports name it and chance would make such a loss less often than this. There are thirteen findings to be
            unlucky with.
        base_label_f1_margin, base_errors_margin: the same on the base set, against forgetting.
        read_margin: by how much the share of sentences that the rules read may fall, on either set.
        map_margin: by how much the share of maps that point where they should may fall.
        all_normal_margin, duplicates_margin: by how much the share of reports that name nothing, or repeat another,
            may rise over the references' share.
        sides_same, sides_minimum: the least share of findings for which the readings name the same side as their
            drafts, where at least so many have one.
        length_ratio: longest mean length let through, as a multiple of the references' mean length.
    """

    minimum_held_out: int = Field(6, ge=2)
    label_f1_margin: float = Field(0.03, ge=0)
    errors_margin: float = Field(0.15, ge=0)
    category_margin: float = Field(0.2, ge=0)
    laterality_margin: float = Field(0.05, ge=0)
    edit_distance_margin: float = Field(2.0, ge=0)
    finding_f1_margin: float = Field(0.1, ge=0)
    finding_minimum: int = Field(8, ge=1)
    finding_chance: float = Field(0.05, gt=0, lt=1)
    base_label_f1_margin: float = Field(0.05, ge=0)
    base_errors_margin: float = Field(0.3, ge=0)
    read_margin: float = Field(0.05, ge=0)
    map_margin: float = Field(0.1, ge=0)
    all_normal_margin: float = Field(0.15, ge=0)
    duplicates_margin: float = Field(0.15, ge=0)
    sides_same: float = Field(0.5, ge=0, le=1)
    sides_minimum: int = Field(8, ge=1)
    length_ratio: float = Field(1.5, ge=1)


class TrainingConfig(_Section):
    """Everything that decides what a job does, apart from the data.

    Attributes:
        learn: the stages that teach, in their order, each from the model that the one before has made. ``sft``:
            fine-tuning on signed reports; ``preference``: the scorer that reinforcement listens to; ``dpo``: direct
            preference optimisation; ``grpo``: reinforcement.
        minimum_readings: signed readings of training patients without which a job does not begin.
        unread_share: studies that nobody has signed, as a share of the signed ones; fine-tuning takes their drafts
            in the readers' words, reinforcement the rewards that need no signed report.
        processes: how many share fine-tuning and reinforcement, each with a GPU of its own where there are GPUs.
        keep_versions: of how many versions that no roll back can reach the weights are kept.
        scorers: what rewards and gate go by. ``lite``: rules, which need nothing. ``published``: ``radcliq_v1`` in the
            place of ``radcliq_lite``, by the weights that the installation's settings name; where they name a judge, it
            is asked at the evaluation.
    """

    seed: int = 0
    learn: tuple[Teaching, ...] = ("sft", "preference", "grpo")
    minimum_readings: int = Field(8, ge=1)
    unread_share: float = Field(1.0, ge=0)
    processes: int = Field(1, ge=1)
    keep_versions: int = Field(5, ge=0)
    scorers: Literal["lite", "published"] = "lite"
    lora: LoraSettings = LoraSettings()
    sft: SftSettings = SftSettings()
    preference: PreferenceSettings = PreferenceSettings()
    dpo: DpoSettings = DpoSettings()
    grpo: GrpoSettings = GrpoSettings()
    evaluate: EvaluateSettings = EvaluateSettings()
    gate: GateSettings = GateSettings()

    @property
    def stages(self) -> tuple[str, ...]:
        """Every stage of the job, in their order."""
        return ("snapshot", *self.learn, "evaluate", "gate")

    @property
    def phases(self) -> tuple[GrpoPhase, ...]:
        """The phases of reinforcement that take a step, with the rewards that its scorers give."""
        phases = tuple(phase for phase in self.grpo.phases if phase.steps)
        return tuple(map(_by_published_scorers, phases)) if self.scorers == "published" else phases

    @model_validator(mode="after")
    def _published_rewards_have_their_scorers(self) -> "TrainingConfig":
        named = {name for phase in self.grpo.phases for name in phase.rewards} & set(PUBLISHED_REWARD_NAMES)
        if named and self.scorers != "published":
            raise ValueError(
                f"The rewards {', '.join(sorted(named))} need published scorers: set “scorers” to “published”."
            )
        return self

    @model_validator(mode="after")
    def _each_stage_can_do_its_work(self) -> "TrainingConfig":
        taken = list(self.learn)
        twice = [name for name in dict.fromkeys(taken) if taken.count(name) > 1]
        if twice:
            raise ValueError(f"“learn” names “{twice[0]}” more than once; a job takes each stage once.")
        if not {"sft", "dpo", "grpo"} & set(taken):
            raise ValueError("“learn” names no stage that changes the model: name sft, dpo or grpo.")
        if "sft" in taken and {"dpo", "grpo"} & set(taken[: taken.index("sft")]):
            raise ValueError(
                "“learn” has sft after dpo or grpo: it would write over what they teach. Put it first."
            )
        listens = "grpo" in taken
        if "preference" in taken and (not listens or taken.index("preference") > taken.index("grpo")):
            raise ValueError("“learn” needs grpo after preference: only reinforcement listens to its scorer.")
        rewarded = any("preference" in phase.rewards for phase in self.grpo.phases if phase.steps)
        if listens and rewarded and "preference" not in taken:
            raise ValueError(
                "“learn” needs preference before grpo, one of whose phases rewards it; or take it from their rewards."
            )
        return self

    @model_validator(mode="after")
    def _texts_can_be_shared(self) -> "TrainingConfig":
        texts = self.grpo.generations * self.grpo.studies_per_step
        if texts % self.processes:
            raise ValueError(
                f"{texts} texts a step (generations × studies_per_step) cannot be shared by {self.processes} processes."
            )
        return self


# What a value must be, by the name that the checking library gives to what is wrong with it.
_MUST_BE = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be a text",
    "tuple_type": "must be a list",
    "dict_type": "must be a group of settings by name",
    "model_type": "must be a group of settings by name",
    "model_attributes_type": "must be a group of settings by name",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "must be one of {expected}",
}


def read(config: Mapping[str, Any]) -> TrainingConfig:
    """The configuration that a job's row or a file of settings means; what is not named has its default.

    Raises:
        BrokenConfiguration: says of every setting that is wrong what it must be.
    """
    try:
        return TrainingConfig.model_validate(config)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise BrokenConfiguration([_in_our_words(one) for one in found]) from error


def _in_our_words(found: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in found["loc"])
    context = found.get("ctx", {})
    if found["type"] == "value_error":  # of a check above, which is a sentence of its own
        return str(context["error"])
    if found["type"] == "extra_forbidden":
        return f"There is no setting “{name}”."
    must_be = _MUST_BE.get(found["type"], "has a value that cannot be used").format(**context)
    return f"“{name or 'settings'}” {must_be}, not {_shortened(found['input'])}."


def _shortened(value: object) -> str:
    said = str(value).strip()
    return said if len(said) <= 40 else f"{said[:40]}…"
