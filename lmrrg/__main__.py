"""The command line of this room: ``python -m lmrrg report|inspect|phantom|score|label …``."""

import argparse
import sys

from lmrrg.errors import LmrrgError


def main(arguments: list[str] | None = None) -> int:
    """Run one command and answer its exit status: 0 all went well, 1 an input was refused, 2 wrong usage."""
    # Imported here so that `import lmrrg` stays cheap; each command loads what it needs when it runs.
    from lmrrg.imaging.door import command as imaging
    from lmrrg.metrics import command as metrics
    from lmrrg.profiles import command as phantom
    from lmrrg.reporters import command as reporters

    parser = argparse.ArgumentParser(prog="python -m lmrrg", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for room in (reporters, imaging, metrics):
        room.add_parser(commands)
    try:
        phantom.add_parser(commands, arguments)
        args = parser.parse_args(arguments)
        return int(args.run(args))
    except LmrrgError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
