# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX refuses, as far as the pattern has to do with it. Functions take what is sent and return complaints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dateutil.rrule import rrulestr
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

Thing = Mapping[str, Any]

FIELD_KEYS = {
    "type",
    "format",
    "choices",
    "id",
    "label",
    "help_text",
    "multiline",
    "secret",
    "ask_at_runtime",
    "default",
}
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
FILE = re.compile(r"template(\.[a-zA-Z_][a-zA-Z0-9_]*)?")
# Beside these, names that start with ANSIBLE_.
TAKEN_VARIABLES = {"PATH", "PYTHONPATH", "VIRTUAL_ENV", "JOB_ID", "INVENTORY_ID", "AWX_HOST", "PROJECT_REVISION"}
QUESTION_TYPES = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": float,
}


def credential_type(inputs: Thing, injectors: Thing) -> list[str]:
    """About the fields of a custom credential type, and what it makes of them."""
    fields: Sequence[Thing] = inputs.get("fields", [])
    found = [complaint for field in fields for complaint in _field(field)]
    names = [field.get("id") for field in fields]
    found += [f"{name} is there twice" for name in {name for name in names if names.count(name) > 1}]
    found += [f"{name} is required, but no field" for name in inputs.get("required", []) if name not in names]
    found += [f"unknown: {key}" for key in inputs.keys() - {"fields", "required"}]
    found += [f"unknown: {key}" for key in injectors.keys() - {"file", "env", "extra_vars"}]
    return found + list(_injectors(injectors, {str(name) for name in names}))


def _field(field: Thing) -> Iterator[str]:
    name = str(field.get("id", ""))
    if not NAME.fullmatch(name) or name == "tower":
        yield f"{name!r} is no name of a field"
    if not field.get("label"):
        yield f"{name}: no label"
    for key in field.keys() - FIELD_KEYS:
        yield f"{name}: unknown key {key}"
    kind = field.get("type", "string")
    if kind not in ("string", "boolean"):
        yield f"{name}: unknown type {kind}"
    if kind == "boolean" and field.keys() & {"choices", "multiline", "format", "secret"}:
        yield f"{name}: not for a boolean"
    if "default" in field and not isinstance(field["default"], {"boolean": bool}.get(kind, str)):
        yield f"{name}: its default is no {kind}"


def _injectors(injectors: Thing, fields: set[str]) -> Iterator[str]:
    files: Thing = injectors.get("file", {})
    for name in files:
        if not FILE.fullmatch(name) or (name == "template" and len(files) > 1):
            yield f"file {name}: not a name for a file here"
    for name in injectors.get("env", {}):
        if not NAME.fullmatch(name) or name.startswith("ANSIBLE_") or name in TAKEN_VARIABLES:
            yield f"{name} can't be set"
    known: dict[str, Any] = {**dict.fromkeys(fields, "x"), "tower": {}}
    if files:
        known["tower"] = {"filename": "x" if "template" in files else {name.partition(".")[2]: "x" for name in files}}
    for kind in ("file", "env"):
        for name, text in injectors.get(kind, {}).items():
            yield from _template(name, text, known)


def _template(name: str, text: str, known: Thing) -> list[str]:
    try:
        render(text, known, StrictUndefined)
    except TemplateError as error:
        return [f"{name}: {error}"]
    return []


def render(text: str, values: Thing, undefined: Any = None) -> str:
    """A template of an injector as AWX renders it: what has no value is empty."""
    given = {} if undefined is None else {"undefined": undefined}
    return ImmutableSandboxedEnvironment(**given).from_string(text).render(values)


def survey(spec: Thing) -> list[str]:
    """About a survey."""
    found = [f"{key} is missing" for key in ("name", "description", "spec") if not spec.get(key)]
    questions: Sequence[Thing] = spec.get("spec", [])
    names = [question.get("variable") for question in questions]
    found += [f"{name} is asked twice" for name in {name for name in names if names.count(name) > 1}]
    return found + [complaint for question in questions for complaint in _question(question)]


def _is(kind: type, value: object) -> bool:
    """Whether a value is of a kind; for AWX true is no number."""
    return isinstance(value, kind) and not isinstance(value, bool)


def _question(question: Thing) -> Iterator[str]:
    name = question.get("variable")
    for key, wanted in {"type": str, "question_name": str, "variable": str, "required": bool}.items():
        if not isinstance(question.get(key), wanted):
            yield f"{name}: {key} is no {wanted.__name__}"
    for key in question.keys() & {"min", "max"}:
        if not _is(int, question[key]):
            yield f"{name}: {key} is no number"
    kind, default = str(question.get("type")), question.get("default", "")
    if kind not in QUESTION_TYPES:
        yield f"{name}: unknown type {kind}"
    elif default != "" and not _is(QUESTION_TYPES[kind], default):
        yield f"{name}: its default is no {kind}"
    if kind in ("multiplechoice", "multiselect"):
        yield from _choices(question)


def _choices(question: Thing) -> Iterator[str]:
    choices = question.get("choices", [])
    if not choices or not all(isinstance(choice, str) for choice in choices):
        yield f"{question.get('variable')}: no choices"
    elif not set(str(question.get("default", "")).split("\n")) <= {*choices, ""}:
        yield f"{question.get('variable')}: its default is no choice"


def answers(template: Thing, given: Thing, *, whole: bool = True) -> list[str]:
    """About variables given at a launch; ``whole`` asks for those that are required, too."""
    questions = {question["variable"]: question for question in template.get("survey_spec", {}).get("spec", [])}
    found = []
    if not template.get("ask_variables_on_launch"):
        found += [f"{name} is no answer to the survey" for name in given.keys() - questions.keys()]
    for name, question in questions.items():
        if name not in given:
            found += [f"{name} is needed"] if whole and question["required"] else []
        elif not isinstance(given[name], str):
            found.append(f"{name} is no text")
        elif question["type"] == "multiplechoice" and given[name] not in question["choices"]:
            found.append(f"{name}: {given[name]} is no choice")
        elif not question.get("min", 0) <= len(given[name]) <= question.get("max", len(given[name])):
            found.append(f"{name} is too short or too long")
    return found


def prompts(template: Thing, given: Thing, names: Iterable[str] = ("job_type", "limit", "diff_mode")) -> list[str]:
    """About what a node or a schedule gives beside variables: the template has to ask for it, or have it already."""
    return [
        f"{template['name']} doesn't ask for {name}"
        for name in names
        if given.get(name) is not None
        and given[name] != template.get(name)
        and not template.get(f"ask_{name}_on_launch")
    ]


def schedule(rrule: str) -> list[str]:
    """About when something runs."""
    found = []
    if len(re.findall(r"DTSTART(?:;[^:]+)?:[0-9]+T[0-9]+Z?", rrule)) != 1:
        found.append("DTSTART is needed, once")
    if re.search(r"DTSTART:[0-9]+T[0-9]+ ", rrule):
        found.append("DTSTART says no time zone")
    rules = re.findall(r"RULE:\S*", rrule)
    if not rules:
        return [*found, "a rule is needed"]
    for rule in rules:
        if "INTERVAL" not in rule:
            found.append("INTERVAL is needed")
        if (
            "SECONDLY" in rule
            or re.search(r"BYDAY[:=][0-9]+[a-zA-Z]{2}", rule)
            or ("COUNT" in rule and "UNTIL" in rule)
        ):
            found.append(f"not supported: {rule}")
    try:
        rrulestr(rrule.replace(" ", "\n"))
    except ValueError as error:
        found.append(str(error))
    return found
