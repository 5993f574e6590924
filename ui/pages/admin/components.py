"""*Admin* as Gradio's own components: accounts for administrators, and for everyone what the live model is.

Everything is read from the database when the page comes to the front and every few seconds while it stays there.
Anybody who is signed in can call Gradio's events, shown or hidden, so each one checks first who is calling. Does not
know a password once it has been handed on, or how accounts are stored.
"""

from collections.abc import Callable
from html import escape
from typing import Any, cast, get_args

import gradio as gr

from feedback_db.errors import FeedbackError, NotAllowed
from feedback_db.models import Reader, Role
from feedback_db.people import accounts
from feedback_db.training import versions
from ui.desk.services import Services, SignedIn

SECONDS = 10.0  # between two refreshes while the page is in front
ROLES = [
    ("Reader: reads and signs", "reader"),
    ("Lead: also trains and rolls back", "lead"),
    ("Administrator: also keeps accounts", "admin"),
]
COLUMNS = ["Name", "Role", "Sites", "State", "Since"]
EVERY_SITE = "every site"
DEMONSTRATION = (
    "Demonstration, trained on synthetic radiographs. Its regions hold on real radiographs; its findings are those of "
    "phantoms. Not for clinical use."
)
# Given who acts and what the components hold; answers what was done, in a sentence.
Act = Callable[[SignedIn, dict[Any, Any]], str]


def person_of(request: gr.Request) -> SignedIn:
    """Who calls an event, as the gate knows them; raises NotAllowed where it let nobody in."""
    state = getattr(request.request, "scope", {}).get("state", {})
    if "reader" not in state:
        raise NotAllowed("Sign in first.")
    return cast(SignedIn, state["reader"])


def draw_admin(services: Services) -> None:
    """Draw the page within the Gradio application that is being built."""
    AdminPage(services).build()


class AdminPage:
    """The components and what they do."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def build(self) -> None:
        """Draw the page; it stays empty until the script says that it came to the front."""
        with gr.Column(elem_classes=["lm", "page", "admin"]):
            opened = gr.HTML(
                html_template="<span></span>",
                js_on_load='import("/ui/pages/admin/script.js").then((module) => module.mount(element, trigger));',
                apply_default_css=False,
                container=False,
                padding=False,
            )
            clock = gr.Timer(SECONDS, active=False)
            gr.HTML("<h1>Admin</h1>", apply_default_css=False, container=False, padding=False)
            said = gr.HTML(elem_classes=["said"], apply_default_css=False, container=False, padding=False)
            with gr.Row(equal_height=False):
                with gr.Column(scale=3, min_width=520):
                    keeping = gr.Column(visible=False, elem_classes=["card", "keeping"])
                    with keeping:
                        gr.HTML("<h2>Accounts</h2>", apply_default_css=False, container=False, padding=False)
                        table = gr.Dataframe(
                            headers=COLUMNS,
                            interactive=False,
                            show_label=False,
                            wrap=True,
                            buttons=[],
                            elem_classes=["accounts"],
                        )
                        chosen = gr.Dropdown(
                            label="Change the account of",
                            choices=[],
                            allow_custom_value=True,
                            interactive=True,
                        )
                        with gr.Row():
                            role = gr.Dropdown(label="Role", choices=ROLES, value="reader", interactive=True)
                            sites = gr.Textbox(
                                label="Sites, separated by commas", placeholder=EVERY_SITE, max_lines=1
                            )
                        assign = gr.Button("Save role and sites", size="sm")
                        with gr.Row():
                            password = gr.Textbox(
                                label="New password", type="password", max_length=200, scale=3, max_lines=1
                            )
                            reset = gr.Button("Set password", size="sm", scale=1)
                        with gr.Row():
                            enable = gr.Button("Enable and unlock", size="sm")
                            disable = gr.Button("Disable…", size="sm", elem_classes=["danger"])
                        with gr.Column(visible=False, elem_classes=["notice"]) as sure:
                            gr.HTML(
                                "<p>They are signed out at once and cannot sign in again. What they signed stays, with "
                                "their name.</p>",
                                apply_default_css=False,
                                container=False,
                                padding=False,
                            )
                            with gr.Row():
                                keep = gr.Button("Keep the account", size="sm")
                                really = gr.Button("Disable the account", size="sm", elem_classes=["danger"])
                    elsewhere = gr.HTML(apply_default_css=False, container=False, padding=False)
                with gr.Column(scale=2, min_width=340):
                    making = gr.Column(visible=False, elem_classes=["card", "making"])
                    with making:
                        gr.HTML(
                            "<h2>New account</h2>", apply_default_css=False, container=False, padding=False
                        )
                        new_name = gr.Textbox(label="Name", max_length=80, max_lines=1)
                        new_password = gr.Textbox(
                            label="First password (at least 8 characters)",
                            type="password",
                            max_length=200,
                            max_lines=1,
                        )
                        new_role = gr.Dropdown(label="Role", choices=ROLES, value="reader", interactive=True)
                        new_sites = gr.Textbox(
                            label="Sites, separated by commas", placeholder=EVERY_SITE, max_lines=1
                        )
                        create = gr.Button("Create account", variant="primary", size="sm")
                    about = gr.HTML(
                        elem_classes=["card"], apply_default_css=False, container=False, padding=False
                    )

        shown = (keeping, making, elsewhere, about, table, chosen)
        everything = [*shown, said, sure, new_name, new_password, new_sites, password]
        quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}

        def front(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
            if not event._data.get("front"):
                return {clock: gr.Timer(active=False)}
            return {**self._shown(request, *shown), clock: gr.Timer(active=True), said: ""}

        def again(request: gr.Request) -> dict[Any, Any]:
            return self._shown(request, *shown)

        def pick(name: str, request: gr.Request) -> dict[Any, Any]:
            one = self._account(_admin(request), name)
            named = ", ".join(one.sites or ())
            return {role: one.role, sites: named, password: "", sure: gr.Column(visible=False)}

        def does(act: Act, *emptied: Any) -> Callable[[dict[Any, Any], gr.Request], dict[Any, Any]]:
            """An event that changes something: done, said in a line, and everything shown anew."""

            def event(given: dict[Any, Any], request: gr.Request) -> dict[Any, Any]:
                try:
                    told = act(_admin(request), given)
                except FeedbackError as error:
                    return {said: f'<p class="notice red" role="alert">{escape(str(error))}</p>'}
                return {
                    **self._shown(request, *shown),
                    said: f'<p class="notice blue">{escape(told)}</p>',
                    sure: gr.Column(visible=False),
                    **dict.fromkeys(emptied, ""),
                }

            return event

        def make(person: SignedIn, given: dict[Any, Any]) -> str:
            with self._services.database.session() as session:
                made = accounts.create_reader(
                    session,
                    name=given[new_name],
                    password=given[new_password],
                    role=_role(given[new_role]),
                    sites=_sites(given[new_sites]),
                    by=person.id,
                )
            return f"The account “{made.name}” was created."

        def change(person: SignedIn, given: dict[Any, Any]) -> str:
            one = self._account(person, given[chosen])
            with self._services.database.session() as session:
                accounts.assign(
                    session,
                    reader_id=one.id,
                    role=_role(given[role]),
                    sites=_sites(given[sites]),
                    by=person.id,
                )
            return f"Kept. {one.name} is signed out and goes on with it after signing in again."

        def set_password(person: SignedIn, given: dict[Any, Any]) -> str:
            one = self._account(person, given[chosen])
            with self._services.database.session() as session:
                accounts.reset_password(session, reader_id=one.id, new=given[password], by=person.id)
            return f"{one.name} has a new password and is signed out everywhere."

        def switch(enabled: bool) -> Act:
            def act(person: SignedIn, given: dict[Any, Any]) -> str:
                one = self._account(person, given[chosen])
                with self._services.database.session() as session:
                    accounts.set_enabled(session, reader_id=one.id, enabled=enabled, by=person.id)
                return (
                    f"{one.name} can sign in." if enabled else f"{one.name} is signed out and cannot sign in."
                )

            return act

        opened.submit(front, None, [*shown, clock, said], **quiet)
        clock.tick(again, None, list(shown), **quiet)
        chosen.input(pick, [chosen], [role, sites, password, sure], **quiet)
        fields = {new_name, new_password, new_role, new_sites}
        create.click(does(make, new_name, new_password, new_sites), fields, everything, **quiet)
        assign.click(does(change), {chosen, role, sites}, everything, **quiet)
        reset.click(does(set_password, password), {chosen, password}, everything, **quiet)
        enable.click(does(switch(True)), {chosen}, everything, **quiet)
        really.click(does(switch(False)), {chosen}, everything, **quiet)
        disable.click(lambda: gr.Column(visible=True), None, [sure], **quiet)
        keep.click(lambda: gr.Column(visible=False), None, [sure], **quiet)

    def _shown(
        self,
        request: gr.Request,
        keeping: Any,
        making: Any,
        elsewhere: Any,
        about: Any,
        table: Any,
        chosen: Any,
    ) -> dict[Any, Any]:
        """What the page shows to the person who asks: accounts for administrators alone."""
        person = person_of(request)
        keeps = person.role == "admin"
        everyone: list[Reader] = []
        with self._services.database.reading_session() as session:
            live = versions.live(session)
            if keeps:
                everyone = accounts.everyone(session)
        state = self._services.reporters.state(live)
        rows = {
            "Live": f"{live.name} {live.number}",
            "State": state.message or state.kind,
            "Kind": DEMONSTRATION if live.demonstration else "Trained by this site",
        }
        if person.role != "reader":
            rows |= {
                "Runs on": self._services.settings.device,
                "Folder": live.folder,
                "Audit": self._services.database.anchor.told,
            }
        listed = "".join(f"<dt>{term}</dt><dd>{escape(text)}</dd>" for term, text in rows.items())
        refused = (
            ""
            if keeps
            else '<div class="empty"><h1>Accounts are kept by administrators</h1>'
            f"<p>You are signed in as {escape(person.name)} ({person.role}).</p></div>"
        )
        return {
            keeping: gr.Column(visible=keeps),
            making: gr.Column(visible=keeps),
            elsewhere: refused,
            about: f'<h2>About the model</h2><dl class="about">{listed}</dl>',
            table: [_row(one) for one in everyone],
            chosen: gr.Dropdown(choices=[one.name for one in everyone if one.id != person.id]),
        }

    def _account(self, person: SignedIn, name: str | None) -> Reader:
        """The account of this name; raises NotAllowed where none was chosen, or it is one's own."""
        with self._services.database.reading_session() as session:
            found = next((one for one in accounts.everyone(session) if one.name == name), None)
        if found is None:
            raise NotAllowed("Choose an account from the list first.")
        if found.id == person.id:
            raise NotAllowed("Nobody changes their own account. Ask another administrator.")
        return found


def _admin(request: gr.Request) -> SignedIn:
    person = person_of(request)
    if person.role != "admin":
        raise NotAllowed("Only an administrator may do this.")
    return person


def _role(named: Any) -> Role:
    if named not in get_args(Role):
        raise NotAllowed("Choose a role from the list.")
    return cast(Role, named)


def _sites(typed: str | None) -> list[str] | None:
    """The sites of a line with commas; None, every site, for a blank one."""
    return [site.strip() for site in (typed or "").split(",") if site.strip()] or None


def _row(one: Reader) -> list[str]:
    state = "disabled" if one.disabled_at else "locked" if accounts.is_locked(one) else "active"
    sites = EVERY_SITE if one.sites is None else ", ".join(one.sites) or "none"
    return [one.name, one.role, sites, state, one.created_at.date().isoformat()]
