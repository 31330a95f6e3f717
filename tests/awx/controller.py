# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of AWX's API as the modules of awx.awx ask for when they make the pattern's objects. It runs no jobs.

It refuses what AWX refuses: see rules.py; a reference to what isn't there; a playbook that the project doesn't have.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Collection, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.awx import rules

Thing = dict[str, Any]
Answer = tuple[int, Any]
ROOT = "/api/v2/"
REFERENCES = {
    "organization": "organizations",
    "credential_type": "credential_types",
    "default_environment": "execution_environments",
    "execution_environment": "execution_environments",
    "project": "projects",
    "inventory": "inventories",
    "workflow_job_template": "workflow_job_templates",
}
TEMPLATES = ("job_templates", "workflow_job_templates")
NO_TEMPLATE: Thing = {"name": "", "survey_spec": {}}
ROLES = {
    "job_templates": ("admin", "execute", "read"),
    "workflow_job_templates": ("admin", "execute", "read", "approval"),
}
# What a job template or a workflow doesn't take from elsewhere has these values.
DEFAULTS: Thing = {"job_type": "run", "limit": "", "diff_mode": False, "survey_enabled": False}


class Controller:
    """Objects by kind and id, and in ``made`` the kind and the name of each in the order in which they were made."""

    def __init__(self, playbooks: Collection[str]) -> None:
        self.playbooks = set(playbooks)
        self.objects: dict[str, dict[int, Thing]] = {"organizations": {}}
        self.made: list[tuple[str, str]] = []
        self.writes = 0
        self._create("organizations", {"name": "Default"})

    def all(self, kind: str) -> list[Thing]:
        """The objects of one kind."""
        if kind == "unified_job_templates":
            return [thing for one in (*TEMPLATES, "workflow_approval_templates") for thing in self.all(one)]
        return list(self.objects.get(kind, {}).values())

    def named(self, kind: str, name: str) -> Thing:
        """The one object of this name."""
        (found,) = [thing for thing in self.all(kind) if thing["name"] == name]
        return found

    def answer(self, method: str, target: str, body: Thing) -> Answer:
        """Status and body for one request."""
        url = urlsplit(target)
        path = url.path.removeprefix(ROOT).strip("/").split("/")
        self.writes += method != "GET"
        if len(path) == 1:
            if method == "POST":
                return self._create(path[0], body)
            return _listed([thing for thing in self.all(path[0]) if _matches(thing, dict(parse_qsl(url.query)))])
        if path[0] == "roles":
            kind, number, role = path[1].split(".")
            return self._members(self.objects[kind][int(number)], f"{role}_role", method, body)
        thing = self.objects[path[0]][int(path[1])]
        if len(path) == 2:
            return self._change(path[0], thing, body) if method == "PATCH" else (200, thing)
        return self._below(thing, path[2], method, body)

    def _below(self, thing: Thing, part: str, method: str, body: Thing) -> Answer:
        if part == "create_approval_template":
            status, made = self._create("workflow_approval_templates", body)
            thing["unified_job_template"] = made["id"]
            thing["related"]["unified_job_template"] = made["url"]
            return status, made
        if part != "survey_spec":
            return self._members(thing, part, method, body)
        if method == "GET":
            return 200, thing[part]
        if complaints := rules.survey(body):
            return 400, {"error": complaints}
        thing[part] = body
        return 200, {}

    def _members(self, thing: Thing, part: str, method: str, body: Thing) -> Answer:
        members = thing.setdefault("associated", {}).setdefault(part, [])
        if method == "GET":
            return _listed([{"id": number} for number in members])
        if body.get("disassociate"):
            members.remove(body["id"])
        else:
            members.append(body["id"])
        return 204, None

    def _create(self, kind: str, body: Thing) -> Answer:
        complaints = self._complaints(kind, body)
        if complaints:
            return 400, {"detail": complaints}
        number = 1 + sum(len(things) for things in self.objects.values())
        url = f"{ROOT}{kind}/{number}/"
        roles = {f"{role}_role": {"id": f"{kind}.{number}.{role}"} for role in ROLES.get(kind, ())}
        thing = {
            **(DEFAULTS if kind in TEMPLATES else {}),
            **body,
            "id": number,
            "url": url,
            "type": kind.removesuffix("s"),
            "scm_revision": "",
            "related": {"survey_spec": f"{url}survey_spec/"},
            "summary_fields": {"object_roles": roles},
            "survey_spec": {},
        }
        self.objects.setdefault(kind, {})[number] = thing
        self.made.append((kind, str(body.get("name", body.get("identifier")))))
        return 201, thing

    def _change(self, kind: str, thing: Thing, body: Thing) -> Answer:
        if complaints := self._complaints(kind, {**thing, **body}):
            return 400, {"detail": complaints}
        thing.update(body)
        return 200, thing

    def _complaints(self, kind: str, body: Thing) -> list[str]:
        found = [
            f"{key}: {body[key]} is not there"
            for key, where in REFERENCES.items()
            if body.get(key) is not None and body[key] not in self.objects.get(where, {})
        ]
        check = CHECKS.get(kind)
        return found or (check(self, body) if check else [])

    def template(self, body: Thing) -> Thing:
        """What a node or a schedule runs; for an approval nothing that asks for anything."""
        number = body.get("unified_job_template")
        return next((thing for thing in self.all("unified_job_templates") if thing["id"] == number), NO_TEMPLATE)


def _listed(things: list[Thing]) -> Answer:
    return 200, {"count": len(things), "next": None, "results": things}


def _matches(thing: Thing, query: dict[str, str]) -> bool:
    return all(str(thing.get(key)) == value for key, value in query.items())


def _credential_type(controller: Controller, body: Thing) -> list[str]:
    return rules.credential_type(body["inputs"], body["injectors"])


def _credential(controller: Controller, body: Thing) -> list[str]:
    fields = controller.objects["credential_types"][body["credential_type"]]["inputs"]["fields"]
    return [f"{name} is no field" for name in body["inputs"].keys() - {field["id"] for field in fields}]


def _job_template(controller: Controller, body: Thing) -> list[str]:
    missing = [f"no {key}" for key in ("project", "inventory") if not body.get(key)]
    return missing + ([] if body["playbook"] in controller.playbooks else [f"no playbook {body['playbook']}"])


def _node(controller: Controller, body: Thing) -> list[str]:
    return rules.prompts(controller.template(body), body)


def _schedule(controller: Controller, body: Thing) -> list[str]:
    template = controller.template(body)
    return rules.schedule(body["rrule"]) + rules.prompts(template, body) + rules.answers(template, body["extra_data"])


CHECKS: dict[str, Callable[[Controller, Thing], list[str]]] = {
    "credential_types": _credential_type,
    "credentials": _credential,
    "job_templates": _job_template,
    "workflow_job_template_nodes": _node,
    "schedules": _schedule,
}


@contextlib.contextmanager
def serve(controller: Controller) -> Iterator[str]:
    """Its address, as long as it listens."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            status, body = controller.answer(self.command, self.path, json.loads(self.rfile.read(length) or b"{}"))
            text = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = _do

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
