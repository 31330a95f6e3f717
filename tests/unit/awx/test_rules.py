# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules, held against things that AWX would refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.awx import rules

FIELD = {"id": "key", "label": "Key", "type": "string"}
QUESTION: dict[str, Any] = {"type": "text", "question_name": "Who", "variable": "who", "required": True}
CHOICE: dict[str, Any] = {**QUESTION, "type": "multiplechoice", "choices": ["a", "b"]}
TEMPLATE = {"name": "Job", "job_type": "check", "survey_spec": {"spec": [QUESTION, {**CHOICE, "variable": "which"}]}}


def fields(**changes: Any) -> dict[str, Any]:
    return {"fields": [{**FIELD, **changes}]}


def questions(*spec: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Survey", "description": "Questions", "spec": list(spec)}


@pytest.mark.parametrize(
    ("inputs", "injectors", "complaint"),
    [
        (fields(id="a-b"), {}, "no name of a field"),
        (fields(id="tower"), {}, "no name of a field"),
        (fields(label=""), {}, "no label"),
        (fields(note="x"), {}, "unknown key note"),
        (fields(type="int"), {}, "unknown type int"),
        (fields(type="boolean", secret=True), {}, "not for a boolean"),
        (fields(default=3), {}, "its default is no string"),
        ({"fields": [FIELD, FIELD]}, {}, "key is there twice"),
        ({**fields(), "required": ["token"]}, {}, "token is required, but no field"),
        ({**fields(), "dependencies": {}}, {}, "unknown: dependencies"),
        (fields(), {"vars": {}}, "unknown: vars"),
        (fields(), {"env": {"ANSIBLE_CONFIG": "x"}}, "ANSIBLE_CONFIG can't be set"),
        (fields(), {"env": {"PATH": "x"}}, "PATH can't be set"),
        (fields(), {"env": {"1A": "x"}}, "1A can't be set"),
        (fields(), {"env": {"KEY": "{{ kee }}"}}, "'kee' is undefined"),
        (fields(), {"env": {"KEY": "{{ key"}}, "KEY: unexpected end"),
        (fields(), {"env": {"KEY": "{{ tower.filename }}"}}, "no attribute 'filename'"),
        (fields(), {"file": {"key": "{{ key }}"}}, "not a name for a file"),
        (fields(), {"file": {"template": "", "template.a": ""}}, "not a name for a file"),
    ],
)
def test_credential_type(inputs: dict[str, Any], injectors: dict[str, Any], complaint: str) -> None:
    found = rules.credential_type(inputs, injectors)
    assert [one for one in found if complaint in one], found


def test_credential_type_that_is_right() -> None:
    injectors = {"file": {"template": "{{ key }}"}, "env": {"KEY": "{{ key }}", "KEY_FILE": "{{ tower.filename }}"}}
    assert rules.credential_type(fields(secret=True), injectors) == []
    assert rules.render("{{ key }}{{ other }}", {"key": "{{ other }}"}) == "{{ other }}"


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ({**questions(QUESTION), "name": ""}, "name is missing"),
        (questions(), "spec is missing"),
        (questions(QUESTION, QUESTION), "who is asked twice"),
        (questions({**QUESTION, "question_name": None}), "question_name is no str"),
        (questions({**QUESTION, "required": "yes"}), "required is no bool"),
        (questions({**QUESTION, "max": "10"}), "max is no number"),
        (questions({**QUESTION, "type": "date"}), "unknown type date"),
        (questions({**QUESTION, "default": 3}), "its default is no text"),
        (questions({**CHOICE, "choices": []}), "no choices"),
        (questions({**CHOICE, "choices": [True, False]}), "no choices"),
        (questions({**CHOICE, "default": "c"}), "its default is no choice"),
    ],
)
def test_survey(spec: dict[str, Any], complaint: str) -> None:
    found = rules.survey(spec)
    assert [one for one in found if complaint in one], found


@pytest.mark.parametrize(
    ("given", "complaints"),
    [
        ({"who": "x"}, ["which is needed"]),
        ({"who": "x", "which": "c"}, ["which: c is no choice"]),
        ({"who": 3, "which": "a"}, ["who is no text"]),
        ({"who": "x", "which": "a", "why": "y"}, ["why is no answer to the survey"]),
        ({"who": "x", "which": "a"}, []),
    ],
)
def test_answers(given: dict[str, Any], complaints: list[str]) -> None:
    assert rules.answers(TEMPLATE, given) == complaints


@pytest.mark.parametrize(
    ("asks", "given", "complaints"),
    [
        ({}, {"job_type": "run"}, ["Job doesn't ask for job_type"]),
        ({}, {"job_type": "check"}, []),
        ({"ask_job_type_on_launch": True}, {"job_type": "run"}, []),
    ],
)
def test_prompts(asks: dict[str, Any], given: dict[str, Any], complaints: list[str]) -> None:
    assert rules.prompts({**TEMPLATE, **asks}, given) == complaints


@pytest.mark.parametrize(
    ("rrule", "complaint"),
    [
        ("RRULE:FREQ=DAILY;INTERVAL=1", "DTSTART is needed"),
        ("DTSTART:20260101T000000 RRULE:FREQ=DAILY;INTERVAL=1", "no time zone"),
        ("DTSTART:20260101T000000Z", "a rule is needed"),
        ("DTSTART:20260101T000000Z RRULE:FREQ=DAILY", "INTERVAL is needed"),
        ("DTSTART:20260101T000000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO", "not supported"),
        ("DTSTART:20260101T000000Z RRULE:FREQ=NIGHTLY;INTERVAL=1", "NIGHTLY"),
    ],
)
def test_schedule(rrule: str, complaint: str) -> None:
    found = rules.schedule(rrule)
    assert [one for one in found if complaint in one], found
