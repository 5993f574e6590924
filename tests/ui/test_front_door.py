"""``app.py`` as a user starts it: what it makes of the data folder before anybody has signed in."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
LAX = 0o022  # others may read new files


def test_all_that_it_makes_is_private_though_the_umask_is_not(tmp_path: Path, tiny_folder: Path) -> None:
    data, film = tmp_path / "data", tmp_path / "film.png"
    Image.fromarray(np.eye(20, dtype=np.uint8)).save(film)
    given = {
        "DATA_FOLDER": str(data),
        "DATABASE_URL": "",
        "MODEL": str(tiny_folder),
        "PHANTOMS": "1",
        "PORT": "0",
    }
    environment = os.environ | {f"LMRRG_{name}": value for name, value in given.items()}
    command = [sys.executable, "app.py"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, umask=LAX
    ) as server:
        assert server.stdout is not None
        assert any("/link?token=" in line for line in server.stdout)
        add = [*command, "add", "--drafts", str(film)]
        subprocess.run(add, cwd=ROOT, env=environment, check=True, capture_output=True, umask=LAX)
        found = {path.relative_to(data): path.stat().st_mode & 0o077 for path in [data, *data.rglob("*")]}
        server.kill()
    assert {"feedback.sqlite3", "feedback.sqlite3-wal", "gradio"} <= {path.name for path in found}
    assert [path for path, others in found.items() if others] == []
