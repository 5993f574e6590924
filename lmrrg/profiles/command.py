"""``python -m lmrrg phantom [--profile NAME]``: the command of the profile that is asked for.

Each profile's phantoms have options of their own: its phantom package has a ``command`` with ``add_parser``. Does not
know how a phantom is drawn or written.
"""

import argparse
from collections.abc import Sequence
from importlib import import_module

from lmrrg.profiles import DEFAULT, load, names


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", arguments: Sequence[str] | None
) -> None:
    """Add ``phantom`` to the commands, as the profile named in ``arguments`` has it.

    Raises:
        ProfileError: ``phantom`` is asked for a profile that is not known or has no phantoms.
    """
    reader = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    reader.add_argument("command", nargs="?")
    reader.add_argument("--profile", default=DEFAULT)
    asked, _ = reader.parse_known_args(arguments)
    profile = load(asked.profile if asked.command == "phantom" else DEFAULT)
    profile.drawn()
    parser = import_module(f"{profile.phantom_package}.command").add_parser(commands)
    parser.add_argument(
        "--profile", choices=names(), default=DEFAULT, help=f"the kind of examination (default {DEFAULT})"
    )
