"""The front door: settings → database → reporter → web application → serve. ``python app.py`` or ``make run``.

``python app.py add PATH…`` adds radiographs to the worklist instead.
"""

import os

# Before anything imports these libraries: no telemetry, no look-ups on the network, no browser history.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_RUN_HISTORY"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# The default model is so small that a second thread slows it down (benchmarks/speed/first_report.txt).
os.environ.setdefault("OMP_NUM_THREADS", "1")

import logging
import sys

# How long a thread that wants to go on waits for one that computes: each look at the database gives way to others.
SWITCH_SECONDS = 0.0005


def serve() -> int:
    import uvicorn

    from feedback_db.errors import FeedbackError
    from feedback_db.people import sessions
    from feedback_db.store.private_folder import keep_private
    from lmrrg.errors import LmrrgError
    from lmrrg.imaging.door import confinement
    from ui.desk.first_start import register_model, seed_worklist
    from ui.desk.services import Services
    from ui.settings import WebSettings

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = WebSettings()
    keep_private(settings.data_folder)
    gradio_files = settings.data_folder / "gradio"
    gradio_files.mkdir(parents=True, exist_ok=True)
    os.environ["GRADIO_TEMP_DIR"] = str(gradio_files)
    try:
        services = Services.open(settings)
        live = register_model(services)
        added = seed_worklist(services)
    except (LmrrgError, FeedbackError) as error:
        print(error, file=sys.stderr)
        return 1
    services.reporters.warm_up(live)
    with services.database.session() as session:
        token = sessions.issue_one_time_link(session)

    from ui.web import create_app

    app = create_app(services)
    if added:
        print(f"{added} phantom studies were drawn for the worklist.")
    print(f"Data folder: {settings.data_folder}", *confinement.missing(), sep="\n")
    print("Open this address in a browser; it signs you in once:\n")
    print(f"    http://{settings.host}:{settings.port}/link?token={token}\n", flush=True)
    # Neither the link nor a study's number belongs into a log.
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)
    return 0


def main() -> int:
    if sys.argv[1:2] == ["add"]:
        from ui.desk.add_command import main as add

        return add(sys.argv[2:])
    if len(sys.argv) > 1:
        print("Usage: app.py, or app.py add PATH… (app.py add --help says more)", file=sys.stderr)
        return 2
    return serve()


if __name__ == "__main__":
    sys.exit(main())
