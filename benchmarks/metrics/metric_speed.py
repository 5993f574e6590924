"""How fast the weight-free metrics are on one core, and against the reference pipeline's own arithmetic.

    OMP_NUM_THREADS=1 python -m benchmarks.metrics.metric_speed [--without-reference] [--pairs 100000]

Reports are the Indiana reports (read where they lie); where there are none, phantoms' reports. "Cold" starts
with empty caches and never scores a text twice; sentences still repeat between reports, as they do in a
hospital's. The reference pipeline is CheXbert's BERT-base, distilled RoBERTa to layer 5 and a BERT-base graph
tagger with random weights: the same arithmetic, no published weights. CPU time is what one core did; wall time
is printed beside it.
"""

import argparse
import gc
import os
import random
import time
from collections.abc import Callable

from benchmarks.metrics.labeler import read_reports
from lmrrg.metrics import radcliq
from lmrrg.metrics.lite import (
    coverage,
    error_counts,
    graph_extraction,
    labels,
    parsing,
    report_sentences,
    soft_matching,
)
from lmrrg.metrics.lite.counting import stated, turned_sentences
from lmrrg.metrics.radcliq import RadCliqLite

MODULES = (
    parsing,
    labels,
    graph_extraction,
    error_counts,
    radcliq,
    report_sentences,
    soft_matching,
    coverage,
    stated,
    turned_sentences,
)


def empty_caches() -> None:
    """Forget everything that was parsed."""
    for module in MODULES:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
    gc.collect()


def measured(work: Callable[[], int]) -> tuple[int, float, float]:
    """(items, CPU seconds, wall seconds) of one run from empty caches."""
    empty_caches()
    wall, cpu = time.perf_counter(), time.process_time()
    count = work()
    return count, time.process_time() - cpu, time.perf_counter() - wall


def policy_drafts(rng: random.Random, references: list[str], others: list[str]) -> list[str]:
    """Drafts as a policy writes them: some sentences of the reference, others from a stock that it knows by heart."""
    stock = [one.text for report in others[:100] for one in report_sentences.split_sentences(report)]
    drafts = []
    for reference in references:
        own = [one.text for one in report_sentences.split_sentences(reference) if rng.random() < 0.6]
        drafts.append(" ".join([*own, *rng.choices(stock, k=3)]))
    return drafts


def print_rate(name: str, aim: str, work: Callable[[], int]) -> float:
    count, cpu, wall = measured(work)
    print(f"{name:44}{count:>9}{count / cpu:>12.0f}{count / wall:>12.0f}{aim:>10}", flush=True)
    return count / cpu


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--without-reference", action="store_true")
    parser.add_argument("--pairs", type=int, default=100_000)
    arguments = parser.parse_args()
    rng = random.Random(0)
    reports = sorted({str(row["report"]) for row in read_reports() if row["report"]})
    rng.shuffle(reports)
    lite = RadCliqLite()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{len(reports)} different reports; load average at the start {load} on {os.cpu_count()} cores")
    print(f"{'from empty caches':44}{'items':>9}{'per CPU s':>12}{'per wall s':>12}{'aim':>10}")

    def label_all() -> int:
        return sum(1 for report in reports if labels.label_report(report))

    def graph_all() -> int:
        return sum(1 for report in reports if graph_extraction.extract_graph(report))

    half = len(reports) // 2
    candidates, references = reports[:half], reports[half : 2 * half]

    def pairs_cold() -> int:
        return len(lite.score(candidates, references))

    groups = references[: half // 8]
    grouped = [reference for reference in groups for _ in range(8)]
    strangers = candidates[: len(grouped)]
    drafts = policy_drafts(rng, grouped, candidates)

    def pairs_in_groups() -> int:
        return len(lite.score(drafts, grouped))

    def strangers_in_groups() -> int:
        return len(lite.score(strangers, grouped))

    print_rate("labels, reports", "4,000", label_all)
    print_rate("graphs, reports", "1,000", graph_all)
    print_rate("radcliq_lite, pairs of new reports", "1,200", pairs_cold)
    rate = print_rate("radcliq_lite, 8 drafts a reference", "5,000", pairs_in_groups)
    print_rate("radcliq_lite, 8 new reports a reference", "", strangers_in_groups)

    print("\nlinear in the number of pairs (random pairs of the reports)")
    for size in (1_000, 10_000, arguments.pairs):
        one = rng.choices(reports, k=size)
        other = rng.choices(reports, k=size)

        def some(one: list[str] = one, other: list[str] = other) -> int:
            return len(lite.score(one, other))

        print_rate(f"  {size} pairs", "", some)
    if not arguments.without_reference:
        print_reference(candidates, references, rate)


def print_reference(candidates: list[str], references: list[str], rate: float) -> None:
    """The reference pipeline's forward passes for a few pairs, in the same process on the same core."""
    import torch
    from transformers import BertConfig, BertModel, RobertaConfig, RobertaModel

    torch.set_num_threads(1)
    chexbert = BertModel(BertConfig()).eval()
    tagger = BertModel(BertConfig()).eval()
    roberta = RobertaModel(
        RobertaConfig(num_hidden_layers=5, vocab_size=50265, max_position_embeddings=514)
    ).eval()
    pairs = 6
    wall, cpu = time.perf_counter(), time.process_time()
    with torch.no_grad():
        for report in (*candidates[:pairs], *references[:pairs]):
            # about four word pieces in three words; each model reads each report once
            ids = torch.randint(5, 20000, (1, min(512, 2 + len(report.split()) * 4 // 3)))
            for model in (chexbert, tagger, roberta):
                model(input_ids=ids)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print("\nreference pipeline's arithmetic (BERT-base ×2, 5 layers of RoBERTa)")
    print(f"{'  pairs, batch of one, one core':44}{pairs:>9}{pairs / cpu:>12.2f}{pairs / wall:>12.2f}")
    print(f"radcliq_lite in groups is {rate / (pairs / cpu):,.0f} times as fast (CPU time)")


if __name__ == "__main__":
    main()
