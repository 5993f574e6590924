"""Writes the types of the scripts from the answers of the routes: ``python -m ui.pages.script_types``.

``ui/kit/answers.d.ts`` then says for every route what it answers; ``tsc --checkJs`` holds the scripts to it. A test
fails where the file is older than the models. Does not know what a page does with an answer.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from ui.kit.answers import Refusal
from ui.pages.pages import PAGES

FILE = Path(__file__).resolve().parent.parent / "kit" / "answers.d.ts"
_HEAD = (
    "// What the routes answer. Written by `python -m ui.pages.script_types` from the pages' answers.py:\n"
    "// change it there.\n"
)
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
# Answers that are not JSON.
_BYTES = ("pixels", "thumbnail")


def written() -> str:
    """The whole file."""
    routes = [(name, TypeAdapter(model)) for name, model in _answers()]
    asked = [(name, "validation", adapter) for name, adapter in routes]
    refused = ("refusal", "validation", TypeAdapter(Refusal))
    schemas, whole = TypeAdapter.json_schemas([*asked, refused], ref_template="{model}")  # type: ignore[list-item]
    definitions = whole.get("$defs", {})
    lines = [
        f"export interface {_name(key)} {_object(schema)}\n" for key, schema in sorted(definitions.items())
    ]
    answers = [f"  {json.dumps(name)}: {_type(schemas[name, 'validation'])};\n" for name, _ in routes]
    return f"{_HEAD}\n{''.join(lines)}\nexport interface Answers {{\n{''.join(answers)}}}\n"


def _answers() -> Iterator[tuple[str, Any]]:
    """(address, model) of each route; of a stream the model of one of its lines."""
    for page in PAGES:
        for router in page.routers:
            for route in router.routes:
                if not isinstance(route, APIRoute) or route.path.endswith(_BYTES):
                    continue
                (method,) = route.methods or {"GET"}
                model = route.responses.get(200, {}).get("model") or route.response_model
                if model is None:
                    raise TypeError(f"{method} {route.path} does not say what it answers")
                yield f"{method} {route.path}", model


def _name(key: str) -> str:
    """Of two models of one name the schema calls each by its module; their last words tell them apart."""
    words = key.replace("-", "_").split("__")
    return words[-1] if len(words) == 1 else "".join(word.title() for word in (words[-3], words[-1]))


def _object(schema: dict[str, Any]) -> str:
    required = set(schema.get("required", ()))
    fields = [
        f"  {name}{'' if name in required else '?'}: {_type(field)};\n"
        for name, field in schema.get("properties", {}).items()
    ]
    return f"{{\n{''.join(fields)}}}"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    match schema.get("type"):
        case "array" if "prefixItems" in schema:
            return f"[{', '.join(map(_type, schema['prefixItems']))}]"
        case "array":
            one = _type(schema["items"])
            return f"({one})[]" if " " in one else f"{one}[]"
        case "object":
            inside = schema.get("additionalProperties", True)
            return f"Record<string, {_type(inside) if isinstance(inside, dict) else 'any'}>"
        case None:
            return "any"
        case plain:
            return _PLAIN[plain]


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
