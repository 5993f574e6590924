"""Candidate and live version write reports for the same studies; every figure of both is set side by side.

Two sets: the held-out studies that readers have signed and, for the demonstration model, a frozen base set of phantoms
that shows what was forgotten; it is drawn anew each time, so its hash goes with the figures. Decides nothing: that is
the gate's. Both versions write greedily, so the result can be had again.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from feedback_db.training import versions
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.phantoms import Phantom
from lmrrg.reporters import VersionFolder
from lmrrg.reporters.registry import folder_of
from train.data import snapshot
from train.data.examples import Example
from train.data.phantoms import PhantomStudies
from train.errors import BrokenJobFolder
from train.judge import bootstrap, judged_by
from train.judge.bootstrap import compare
from train.judge.figures import FIGURES, Direction, finding_figures
from train.judge.pointing import hits, named_sides
from train.judge.published_figures import PUBLISHED, left_out, measured_by, published_figures
from train.policy.base import Pointed
from train.policy.by_model_type import load, side_of
from train.work.job import Job, write_json
from train.work.results import Evaluated, Measured, MeasuredFinding, MeasuredSet, Row

# Which figures each set is measured by. How the base set's reports are worded may change on purpose, so of
# radcliq_lite there only the table tells.
SETS = {"held_out": tuple(FIGURES), "base": ("label_f1_lite", "read", "errors", "radcliq_lite", "laterality")}
# Figures of the maps: counts ``[hits, sentences]`` per study, made while the texts are written.
MAP_FIGURES = {
    "map_side": "share of maps on the side that is named",
    "map_pointing": "share of maps that point at the finding",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What one version made of a list of studies, in their order.

    Attributes:
        texts: its reports.
        maps: by name of ``MAP_FIGURES``, counts (hits, sentences) for each study; pointing is (0, 0) where the
            truth is not known.
    """

    texts: list[str]
    maps: dict[str, list[tuple[int, int]]]

    def part(self, chosen: slice) -> "Written":
        return Written(self.texts[chosen], {name: counts[chosen] for name, counts in self.maps.items()})


def measure(
    ours: Written,
    theirs: Written,
    references: Sequence[str],
    names: Sequence[str],
    *,
    resamples: int,
    profile: Profile = DEFAULT_PROFILE,
) -> dict[str, Measured]:
    """Each figure's comparison by name, with ``reference``: the same figure of the references themselves."""
    measured = {}
    for name in names:
        figure = FIGURES[name]
        ours_counted, theirs_counted = (
            figure.count(one.texts, references, profile) for one in (ours, theirs)
        )
        compared = compare(ours_counted, theirs_counted, figure.statistic, resamples=resamples)
        own = figure.count(references, references, profile)
        reference = bootstrap.compare(own, own, figure.statistic, resamples=100).candidate
        measured[name] = Measured(**dataclasses.asdict(compared), reference=reference)
    for name in MAP_FIGURES:
        counts, others = np.array(ours.maps[name], float), np.array(theirs.maps[name], float)
        if counts[:, 1].sum() and others[:, 1].sum():
            compared = compare(counts, others, bootstrap.share, resamples=resamples)
            measured[name] = Measured(**dataclasses.asdict(compared))
    return measured


def measure_findings(
    texts: Sequence[str],
    live_texts: Sequence[str],
    references: Sequence[str],
    *,
    resamples: int,
    profile: Profile = DEFAULT_PROFILE,
) -> dict[str, MeasuredFinding]:
    """Label F1 by rules of each finding that some reference or text names.

    Beside it how many references name it, and the chance of such a loss between equals (``bootstrap.chance_of_loss``).
    """
    measured = {}
    for finding, figure in finding_figures(profile).items():
        named = figure.count(references, references, profile)[:, 0]
        ours, theirs = (figure.count(written, references, profile) for written in (texts, live_texts))
        compared = compare(ours, theirs, figure.statistic, resamples=resamples)
        if named.sum() or compared.candidate < 1 or compared.live < 1:
            chance = bootstrap.chance_of_loss(*(counts[:, 1:].sum(1) == 0 for counts in (ours, theirs)))
            measured[finding] = MeasuredFinding(
                **dataclasses.asdict(compared), named=int(named.sum()), chance=chance
            )
    return measured


def write(
    job: Job,
    folder: Path,
    examples: Sequence[Example],
    phantoms: Mapping[str, Phantom],
    heard: Callable[[int], None],
) -> Written:
    """Reports and maps of the version in ``folder``; ``phantoms`` are those of known truth, by their key.

    ``heard`` is told after each batch how many studies are done.
    """
    policy = load(folder, job.settings.device)
    if not policy.abilities.maps:
        message = f"{policy.version.name} {policy.version.version} shows no maps, so none are measured."
        job.events.record("log", "evaluate", data={"message": message})
    texts: list[str] = []
    evidence: list[list[Pointed]] = []
    for first in range(0, len(examples), job.config.evaluate.batch_size):
        chosen = examples[first : first + job.config.evaluate.batch_size]
        seen = policy.look(chosen)
        written = policy.write(chosen, seen, batch_size=len(chosen))
        evidence += policy.explain(chosen, written, seen)
        texts += written
        heard(len(texts))
    known = [phantoms.get(example.key) for example in examples]
    pointing = [
        hits(one, truth, policy.profile) if truth else (0, 0)
        for one, truth in zip(evidence, known, strict=True)
    ]
    return Written(
        texts, {"map_side": [named_sides(one, policy.profile) for one in evidence], "map_pointing": pointing}
    )


def base_set_sha256(drawn: Sequence[Phantom]) -> str:
    """The hash of the phantoms' pixels and reports, in their order."""
    digest = hashlib.sha256()
    for one in drawn:
        digest.update(one.pixels.tobytes() + one.report.encode() + b"\0")
    return digest.hexdigest()


def _tell_of_another_base_set(job: Job, live_folder: Path, number: str, sha256: str) -> None:
    """Figures of two base sets must not be read as one curve: say so where the live version was judged on another."""
    before = VersionFolder(live_folder).made_by.get("evaluation", {}).get("base", {}).get("sha256")
    if before not in (None, sha256):
        message = (
            f"The base set has changed since version {number} was judged on it: figures of then and now cannot be "
            "compared. Both versions are measured on the new one."
        )
        job.events.record("log", "evaluate", data={"message": message})


def table(results: Evaluated) -> tuple[Row, ...]:
    """The rows that pages and benchmarks print."""
    return tuple(
        Row(
            set=set_name,
            metric=_described(name)[0] if set_name == "held_out" else f"{_described(name)[0]} (base set)",
            direction=_described(name)[1],
            candidate=one.candidate,
            live=one.live,
            difference=one.difference,
            ci95=(one.low, one.high),
            n=one.n,
        )
        for set_name, found in results.sets.items()
        for name, one in found.figures.items()
    )


def _described(name: str) -> tuple[str, Direction]:
    """A figure's title and direction."""
    if name in FIGURES:
        return FIGURES[name].title, FIGURES[name].direction
    return PUBLISHED[name] if name in PUBLISHED else (MAP_FIGURES[name], "higher")


def _published(
    job: Job, ours: Written, theirs: Written, references: Sequence[str], profile: Profile
) -> dict[str, Measured]:
    """What the published scorers and the judge say of the held-out studies; they are told by name in the log."""
    judged_by.rewarded(job)
    scorers, judge = judged_by.scorers(job), judged_by.judge(job)
    figures = published_figures(scorers, judge)
    message = f"Scores by {', '.join(figures)}. {scorers.what_is_lacking()}".strip()
    job.events.record("log", "evaluate", data={"message": message})
    try:
        found = measured_by(
            figures,
            ours.texts,
            theirs.texts,
            references,
            resamples=job.config.evaluate.resamples,
            profile=profile,
        )
    finally:
        scorers.close()
    missing = left_out(found, judge, len(references)) if judge else None
    if missing:
        job.events.record("log", "evaluate", data={"message": missing})
    return found


def run(job: Job) -> Evaluated:
    """Compare the candidate with the version that is live now."""
    made = job.model_before("evaluate")
    with job.database.reading_session() as session:
        live = versions.live(session)
    live_folder = folder_of(live.folder, job.settings.data_folder)
    size = side_of(live_folder)
    held_out, not_read = snapshot.held_out_examples(job, size)
    profile = VersionFolder(live_folder).profile
    studies = PhantomStudies.beside(VersionFolder(live_folder).name, size, profile)
    drawn = studies.base_set(job.config.evaluate.base_set)
    base = [studies.example(one) for one in drawn]
    sha256 = base_set_sha256(drawn) if drawn else None
    if sha256:
        _tell_of_another_base_set(job, live_folder, live.number, sha256)
    everything = held_out + base
    if not everything:
        raise BrokenJobFolder("There is no study to compare the two versions on.")
    phantoms = {example.key: one for example, one in zip(base, drawn, strict=True)}
    written, steps = {}, 2 * len(everything)
    for number, (who, folder) in enumerate([("candidate", made), ("live version", live_folder)]):

        def heard(done: int, who: str = who, before: int = number * len(everything)) -> None:
            message = f"The {who} has written {done} of {len(everything)} reports and shown where it looked."
            job.events.record(
                "progress", "evaluate", step=before + done, total=steps, data={"message": message}
            )

        written[who] = write(job, folder, everything, phantoms, heard)
    sets: dict[Literal["held_out", "base"], MeasuredSet] = {}
    cut = len(held_out)
    parts: tuple[tuple[Literal["held_out", "base"], slice], ...] = (
        ("held_out", slice(0, cut)),
        ("base", slice(cut, None)),
    )
    for name, chosen in parts:
        ours, theirs = (written[who].part(chosen) for who in ("candidate", "live version"))
        references = [example.reference or "" for example in everything[chosen]]
        figures, findings = dict[str, Measured](), dict[str, MeasuredFinding]()
        if references:
            resamples = job.config.evaluate.resamples
            figures = measure(ours, theirs, references, SETS[name], resamples=resamples, profile=profile)
            findings = measure_findings(
                ours.texts, theirs.texts, references, resamples=resamples, profile=profile
            )
            if name == "held_out" and job.config.scorers == "published":
                figures |= _published(job, ours, theirs, references, profile)
        drawn_anew = sha256 if name == "base" else None
        sets[name] = MeasuredSet(len(references), figures, findings, drawn_anew)
    kept = [
        {
            "study": example.key,
            "reference": example.reference,
            "candidate": written["candidate"].texts[index],
            "live": written["live version"].texts[index],
        }
        for index, example in enumerate(everything)
    ]
    write_json(job.folder.stage("evaluate") / "texts.json", kept)
    said = {"message": "Both are scored."}
    job.events.record("progress", "evaluate", step=steps, total=steps, data=said)
    return Evaluated(live.id, live.number, sets, not_read)
