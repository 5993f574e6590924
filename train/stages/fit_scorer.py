"""The stage that fits the preference scorer on the snapshot's choices, edits and verdicts on sentences.

``rewards.preference_scorer`` says what the scorer is made of, ``rewards.preference`` how it rewards.
"""

from train.data import snapshot
from train.policy.by_model_type import load
from train.rewards.preference_scorer import fit_scorer
from train.work.job import Job
from train.work.results import Scored


def run(job: Job) -> Scored:
    """Fit the scorer; it lies in ``preference/scorer.json``."""
    frozen = snapshot.load(job)
    policy = load(frozen.model_folder, job.settings.device)
    examples = frozen.compared_examples(policy.side)
    seen = policy.look(examples, to_learn=True).probabilities if examples else None
    probabilities = dict(zip([example.key for example in examples], seen, strict=True)) if seen else {}
    scorer = fit_scorer(frozen.choices(), probabilities, job.config.preference, policy.profile)
    scorer.save(job.folder.stage("preference") / "scorer.json")
    if not scorer.heard:
        accuracy = "not tried" if scorer.accuracy is None else f"{scorer.accuracy:.0%}"
        message = (
            f"The preference model stays silent: {scorer.comparisons} comparisons, "
            f"held-back accuracy {accuracy}."
        )
        job.events.record("log", "preference", data={"message": message})
    return Scored(scorer.comparisons, scorer.heard, scorer.accuracy)
