"""``python -m lmrrg report IMAGE… [--json] [--maps DIR [--gradcam]]``: a draft for each study of these files.

Files are opened by the door that uploads use, in a limited process of their own; those of one examination are one study
(``given_files``). Knows arguments, printing and files of maps, not models.
"""

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lmrrg.errors import LmrrgError, ModelError, UnreadableFile
from lmrrg.grounding.service import SeesRegions
from lmrrg.imaging import open_untrusted
from lmrrg.notices import told
from lmrrg.report import EvidenceMap, Report, Sentence
from lmrrg.reporters import DraftRequest, Reporter, load_reporter
from lmrrg.reporters.base import ExplainsByGradient
from lmrrg.reporters.given_files import studies_of
from lmrrg.reporters.given_text import GivenText
from lmrrg.reporters.grounded import Grounded
from lmrrg.reporters.map_files import MapFiles, prepare, write_maps
from lmrrg.reporters.serialise import report_as_json, with_map_files
from lmrrg.study import Prior, Study

NOT_FOR_CLINICAL_USE = "Demonstration model trained on synthetic radiographs. Not for clinical use."


def add_parser(commands: Any) -> None:
    """Add ``report`` to argparse's ``commands``."""
    parser = commands.add_parser("report", help="draft a report for each examination")
    parser.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="a radiograph: DICOM, PNG, JPEG, TIFF, BMP or WebP; DICOM files of one examination are one study",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per study, one per line")
    parser.add_argument("--model", default="default", help="a model folder (default: the one shipped)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, … (default: cpu)")
    parser.add_argument("--indication", default="", help="why the examination was made")
    parser.add_argument(
        "--prior-report", default="", help="the report of the last examination, to compare with"
    )
    parser.add_argument(
        "--text", type=Path, metavar="FILE", help="show what this report names in the image; draft none"
    )
    parser.add_argument("--style", default="", help="how to write, by a name that the model was trained on")
    parser.add_argument(
        "--maps",
        type=Path,
        metavar="DIR",
        help="write the map of each region and sentence as a PNG of its image's size into DIR",
    )
    parser.add_argument("--gradcam", action="store_true", help="with --maps: each sentence's Grad-CAM too")
    parser.set_defaults(run=run, wrong_usage=parser.error)


def run(args: argparse.Namespace) -> int:
    """Exit status 0, or 1 when any image was refused or no map could be written. The model is loaded once."""
    if args.gradcam and args.maps is None:
        args.wrong_usage("--gradcam writes files: say where with --maps DIR")
    if args.maps is not None:
        prepare(args.maps)
    reporter = load_reporter(args.model, device=args.device)
    if args.text is not None:
        reporter = _reading_out(args.text, reporter)
    request = DraftRequest(style=args.style)
    refused = False
    for number, given in enumerate(studies_of([Path(image) for image in args.images]), start=1):
        named = ", ".join(map(str, given.files))
        if given.remark:
            print(f"{named}: {given.remark}.", file=sys.stderr)
        try:
            started = time.perf_counter()
            study = _study(args, given.files)
            decode = 1000 * (time.perf_counter() - started)
            report = _timed(reporter.draft(study, request), decode)
            files = None
            if args.maps is not None:
                files = _write_maps(args, reporter, request, study, report, number, given.files)
        except LmrrgError as error:
            refused = True
            _print_refusal(named, str(error), as_json=args.json)
        else:
            _print_report(given.files, report, files, as_json=args.json)
    return int(refused)


def _reading_out(path: Path, extractor: Reporter) -> Reporter:
    """A reporter that "drafts" the text of the file, grounded by what ``extractor`` sees.

    Raises:
        ModelError: the model sees no regions.
        UnreadableFile: of the text.
    """
    if not isinstance(extractor, SeesRegions):
        raise ModelError(
            "This model sees no regions. Leave --model away to use the one that comes with the program."
        )
    try:
        return Grounded(GivenText(path.read_text("utf-8"), path.name), extractor)
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"The report “{path}” cannot be read ({error}). Give a text file in UTF-8."
        ) from error


def _study(args: argparse.Namespace, files: Sequence[Path]) -> Study:
    priors = (Prior(args.prior_report),) if args.prior_report else ()
    return Study(tuple(open_untrusted(path) for path in files), indication=args.indication, priors=priors)


def _timed(report: Report, decode: float) -> Report:
    """The report with the time that its images' files took, in ms, also in what the reporter timed from its start."""
    taken = report.timing_ms
    later = {name: taken[name] + decode for name in ("first_sentence", "total") if name in taken}
    return dataclasses.replace(report, timing_ms={"decode": decode, **taken, **later})


def _write_maps(
    args: argparse.Namespace,
    reporter: Reporter,
    request: DraftRequest,
    study: Study,
    report: Report,
    number: int,
    sources: Sequence[Path],
) -> MapFiles:
    gradcams: list[EvidenceMap] = []
    if args.gradcam:
        if not isinstance(reporter, ExplainsByGradient):
            raise ModelError("This model has no Grad-CAM. Ask for the maps without --gradcam.")
        gradcams = reporter.grad_cams(study, [s.text for s in report.sentences], request)
    return write_maps(report, study, args.maps, number=number, sources=sources, gradcams=gradcams)


def _print_refusal(image: str, reason: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"image": image, "error": reason}, ensure_ascii=False), flush=True)
    else:
        print(f"{image}: {reason}", file=sys.stderr)


def _print_report(images: Sequence[Path], report: Report, files: MapFiles | None, *, as_json: bool) -> None:
    if as_json:
        said = report_as_json(report)
        said["notices"] = [told(notice) for notice in report.notices]
        if files is not None:
            said = with_map_files(said, files)
        print(json.dumps({"images": [str(one) for one in images], **said}, ensure_ascii=False), flush=True)
        return
    print(f"{', '.join(map(str, images))} — {report.model.name} {report.model.version}".rstrip())
    if report.model.demonstration:
        print(NOT_FOR_CLINICAL_USE)
    for notice in report.notices:
        print(f"  ⚠ {notice.sentence}")
    for number, sentence in enumerate(report.sentences):
        print(f"  {sentence.text}")
        if known := _known_of(sentence):
            print(f"      {known}")
        if sentence.flag:
            print(f"      ⚑ {sentence.flag}")
        if files is not None:
            shown = [files.sentences[number], *files.gradcams[number : number + 1]]
            if any(shown):
                print(f"      {', '.join(str(path) for path in shown if path)}")
    for one in report.disagreements:
        if one.sentence is None:
            print(
                f"  ⚑ image suggests {one.finding.lower()} {one.probability:.2f}; the draft does not mention it"
            )
    print()


def _known_of(sentence: Sentence) -> str:
    """The sentence's regions and confidence in one line; empty where the model tells neither."""
    parts = [", ".join(f"{r.name} {r.weight:.2f}" for r in sentence.regions)]
    if sentence.confidence is not None:
        parts.append(f"confidence {sentence.confidence:.2f}")
    return " · ".join(filter(None, parts))
