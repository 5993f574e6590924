"""Questions to a server that speaks OpenAI's protocol: what is sent, when it is asked again, what is said of errors."""

import socket
from threading import Event
from typing import Any

import pytest

from lmrrg.chat_server import KEY_VARIABLE, Answer, Chat, ChatServer
from lmrrg.errors import ModelError, NoAnswer, ServerError
from tests.chat_protocol import Reply, answer, error, serving

QUESTION = [{"role": "user", "content": "Is the heart enlarged?"}]
KEY = "sk-of-the-hospital"


def chat(url: str, **options: Any) -> Chat:
    return Chat(ChatServer(url, "judge"), **{"first_wait_s": 0.0, "attempts": 3} | options)


def ask(reply: Reply | None, **options: Any) -> Answer:
    with serving(lambda asked, count: reply) as server, chat(server.url, **options) as asking:
        return asking.ask(QUESTION)


def test_the_question_is_sent_in_the_protocol_s_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    messages = [{"role": "user", "content": [{"type": "text", "text": "Describe."}, image]}]
    with serving(lambda asked, count: answer("Clear.")) as server, chat(server.url) as asking:
        assert asking.ask(messages, most_tokens=7) == Answer("Clear.")
    assert server.asked == [{"model": "judge", "messages": messages, "max_tokens": 7, "temperature": 0.0}]
    assert server.keys == [f"Bearer {KEY}"]


def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    with serving(lambda asked, count: answer("Clear.")) as server, chat(server.url) as asking:
        asking.ask(QUESTION)
    assert server.keys == [None]


def test_an_answer_that_was_cut_is_marked() -> None:
    assert ask(answer("The heart is", finish_reason="length")) == Answer("The heart is", cut=True)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    def reply(asked: dict[str, Any], count: int) -> Reply:
        return answer("Clear.") if count == 2 else error(status)

    with serving(reply) as server, chat(server.url) as asking:
        assert asking.ask(QUESTION).text == "Clear."
    assert len(server.asked) == 3


def test_a_broken_connection_is_tried_again() -> None:
    with (
        serving(lambda asked, count: answer("Clear.") if count else None) as server,
        chat(server.url) as asking,
    ):
        assert asking.ask(QUESTION).text == "Clear."


def test_the_wait_that_a_server_names_is_kept_within_bounds() -> None:
    with chat("http://127.0.0.1:1/v1", first_wait_s=1.0) as asking:
        assert asking._wait(1, "7") == 7.0
        assert asking._wait(1, "86400") == 30.0
        assert 2.0 <= asking._wait(3, None) <= 4.0
        assert asking._wait(20, None) == 30.0


def test_a_server_that_stays_busy_has_no_answer() -> None:
    with pytest.raises(NoAnswer, match=r"“judge” at http://.* answered with an error \(503: full\)\."):
        ask(error(503, "full"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"message": "too\nlong"}}, r"\(418: too long\)"),
        ({"error": "too long"}, r"\(418: too long\)"),
        ({"detail": "too long"}, r"\(418: too long\)"),
        ({"error": {"code": 7}}, r"\(418\)"),
        ("<html>", r"\(418\)"),
        ([], r"\(418\)"),
    ],
)
def test_a_server_s_own_word_is_told_where_it_has_one(body: object, said: str) -> None:
    with pytest.raises(NoAnswer, match=said):
        ask((418, body, {}))


def test_a_silent_server_has_no_answer() -> None:
    gone = Event()

    def reply(asked: dict[str, Any], count: int) -> Reply:
        gone.wait(10)
        return answer("late")

    with serving(reply) as server:
        try:
            with (
                chat(server.url, timeout_s=0.1, attempts=2) as asking,
                pytest.raises(NoAnswer, match=r"has not answered within 0\.1 s, asked 2 times"),
            ):
                asking.ask(QUESTION)
        finally:
            gone.set()


@pytest.mark.parametrize(
    "reply",
    [
        (200, "<html>", {}),
        (200, {"choices": []}, {}),
        (200, {"choices": [{"message": None}]}, {}),
        (200, [], {}),
    ],
)
def test_another_form_is_no_answer(reply: Reply) -> None:
    with pytest.raises(NoAnswer, match="in a form that is not OpenAI's"):
        ask(reply)


@pytest.mark.parametrize(
    "reply",
    [answer(None, message={"refusal": "I cannot."}), answer("I", finish_reason="content_filter")],
)
def test_a_refusal_is_no_answer(reply: Reply) -> None:
    with pytest.raises(NoAnswer, match="refused to answer"):
        ask(reply)


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_an_empty_text_is_no_answer(text: str | None) -> None:
    with pytest.raises(NoAnswer, match="without a text"):
        ask(answer(text))


def test_a_server_that_cannot_follow_a_schema_is_asked_without() -> None:
    def reply(asked: dict[str, Any], count: int) -> Reply:
        return error(400, "unknown field") if "response_format" in asked else answer("{}")

    with serving(reply) as server, chat(server.url) as asking:
        assert asking.ask(QUESTION, schema={"type": "object"}).text == "{}"
    form = {"name": "answer", "strict": True, "schema": {"type": "object"}}
    assert server.asked[0]["response_format"] == {"type": "json_schema", "json_schema": form}


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (error(401), f"refuses the key. Give one that it takes in the environment variable {KEY_VARIABLE}"),
        (error(404), "has no model “judge”"),
        (error(307, Location="http://elsewhere/"), "sends elsewhere"),
    ],
)
def test_what_no_other_question_would_change_is_told_apart(
    reply: Reply, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with pytest.raises(ServerError, match=said) as told:
        ask(reply)
    assert not isinstance(told.value, NoAnswer)


def test_nobody_listening_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with (
        chat(f"http://127.0.0.1:{port}/v1") as asking,
        pytest.raises(ServerError, match=r"cannot be reached\. Is it running"),
    ):
        asking.ask(QUESTION)


@pytest.mark.parametrize("status", [401, 418])
def test_the_key_stands_in_no_message_and_no_log(
    status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    caplog.set_level("DEBUG")
    with pytest.raises(ServerError) as told:
        ask(error(status, f"Wrong key {KEY}."))
    assert KEY not in str(told.value)
    assert KEY not in caplog.text
    assert KEY not in repr(chat("http://127.0.0.1:1/v1").__dict__)


def test_an_address_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(ModelError, match=KEY_VARIABLE) as told:
        ChatServer.at("server:https://me:secret@there/v1#judge")
    assert "secret" not in str(told.value)


def test_an_address_is_written_as_it_is_read() -> None:
    assert str(ChatServer.at("server:http://there/v1/#a/b")) == "server:http://there/v1#a/b"
