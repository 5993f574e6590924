"""By whom a job's texts are judged where rules are not enough: published scorers by weights, and a language model.

Both are named by the installation's settings, since where weights lie is no matter of a job. Knows no figure.
"""

from collections.abc import Iterable

from feedback_db.training.configuration import PUBLISHED_REWARD_NAMES
from lmrrg.chat_server import ChatServer
from lmrrg.metrics.interface import Metric
from lmrrg.metrics.published.language_model_judge import LanguageModelJudge
from lmrrg.metrics.published.scorers import PublishedScorers
from train.errors import BrokenSettings
from train.work.job import Job

MAIN = "radcliq_v1"  # what the gate asks to fall
JUDGE = "judged_errors"


def scorers(job: Job, names: Iterable[str] | None = None) -> PublishedScorers:
    """The published scorers that the settings name, for these scores or for all that can be had.

    Raises:
        BrokenSettings: the settings name no folder. ScoringError: a score's weights are not there.
    """
    settings = job.settings
    if not settings.published_folders:
        raise BrokenSettings(
            "This job goes by published scorers, and the settings name no weights: set LMRRG_PUBLISHED to the folder "
            "that holds them (docs/metrics.md), or the job’s “scorers” to “lite”."
        )
    return PublishedScorers(
        settings.published_folders,
        None if names is None else sorted(names),
        device=settings.device,
        processes=settings.scoring_processes,
    )


def judge(job: Job) -> LanguageModelJudge | None:
    """The language model that the settings name, if any. Raises ModelError where its address is none."""
    return LanguageModelJudge(ChatServer.at(job.settings.judge)) if job.settings.judge else None


def rewarded(job: Job) -> dict[str, Metric]:
    """What the phases of a job reward by weights or by a judge, by name; nothing where its scorers are rules.

    Loads no weights yet, so it is also how a job learns at its beginning what would stop it hours later.

    Raises:
        BrokenSettings: the settings name no weights, or no judge where a phase rewards what it says.
    """
    if job.config.scorers != "published":
        return {}
    named = {name for phase in job.config.phases for name in phase.rewards} & set(PUBLISHED_REWARD_NAMES)
    found: dict[str, Metric] = {one.name: one for one in scorers(job, {MAIN, *named} - {JUDGE}).metrics()}
    asked = judge(job)
    if asked is not None:
        found[JUDGE] = asked
    elif JUDGE in named:
        raise BrokenSettings(
            f"This job rewards {JUDGE}, and the settings name no judge: set LMRRG_JUDGE to server:URL#NAME."
        )
    return found
