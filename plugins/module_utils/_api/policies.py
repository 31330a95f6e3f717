# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies, their boundaries, and where they are bound; the same in both contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from .._core.errors import CallFailed, Effect
from .._core.retry import Safety
from .answers import as_object, items_of
from .calls import Call, Send, ask_for_list, check_list
from .http import path_of
from .records import Binding, Boundary, Level, Policy, Texts

MANAGE = "iam-policies-management"
"""The one scope that is enough for everything here."""
PAGE = 500
Method = Literal["GET", "POST", "PUT", "DELETE"]


class Policies:
    """The calls under ``/iam/v1/repo`` and ``/iam/v1/resolution``. All methods raise CallFailed.

    Bindings are written one at a time or for several groups at once, never as the whole of a group or of a level: those
    calls drop what somebody else has bound, and all parameters and boundaries.
    """

    def __init__(self, send: Send, account_uuid: str) -> None:
        self._send = send
        self._account: Level = ("account", account_uuid)

    def policies(self, level: Level) -> list[Policy]:
        """The policies that live at a level, without their statements."""
        items = ask_for_list(self._send, self._make("GET", "policies", level, "policies"), "policies")
        return [_policy(item, level) for item in items if item.get("uuid")]

    def policy(self, policy: Policy) -> Policy | None:
        """A listed policy with its statement; None when it has gone meanwhile."""
        body = self._send(self._make("GET", "policies", policy.level, "policies", policy.id, absent_is_fine=True))
        if body is None:
            return None
        found = _policy({"uuid": policy.id, **as_object(body)}, policy.level)
        return replace(found, statement=found.statement or "")

    def create_policy(self, policy: Policy) -> Policy:
        """The answer has the id."""
        call = self._make("POST", "policies", policy.level, "policies", body=_policy_body(policy), safety=Safety.CREATE)
        return _policy({**_policy_body(policy), **self._created(call)}, policy.level)

    def update_policy(self, policy: Policy) -> None:
        """Replace all of it. An id that the service doesn't know would make a new policy: who deleted this one
        meanwhile meant it, so it is looked for once more, and its absence is an error."""
        if self.policy(policy) is None:
            raise self._gone("policy", policy.name, "policies", policy.level, policy.id)
        self._send(self._make("PUT", "policies", policy.level, "policies", policy.id, body=_policy_body(policy)))

    def delete_policy(self, policy: Policy) -> None:
        """Delete for good; one that has gone already is fine, one that is bound is not."""
        query = (("force", "false"),)
        self._send(
            self._make("DELETE", "policies", policy.level, "policies", policy.id, query=query, absent_is_fine=True)
        )

    def validate(self, policy: Policy) -> list[str]:
        """What the service finds wrong with a policy's text: the way of check mode, as long as the call exists."""
        call = self._make(
            "POST", "policies", policy.level, "policies", "validation", body=_policy_body(policy), only_looks=True
        )
        return [str(warning) for warning in as_object(self._send(call)).get("warnings") or ()]

    def boundaries(self) -> list[Boundary]:
        """All boundaries of the account, page by page."""
        return [_boundary(item) for item in self._pages(self._account, "boundaries") if item.get("uuid")]

    def create_boundary(self, boundary: Boundary) -> Boundary:
        """The answer has the id."""
        call = self._make(
            "POST", "boundaries", self._account, "boundaries", body=_boundary_body(boundary), safety=Safety.CREATE
        )
        return _boundary({**_boundary_body(boundary), **self._created(call)})

    def update_boundary(self, boundary: Boundary) -> None:
        """Replace all of it but for its metadata, which is sent back; one that has gone meanwhile is an error."""
        call = self._make("GET", "boundaries", self._account, "boundaries", boundary.id, absent_is_fine=True)
        found = self._send(call)
        if found is None:
            raise self._gone("boundary", boundary.name, "boundaries", self._account, boundary.id)
        body = {**_boundary_body(boundary), "metadata": as_object(as_object(found).get("metadata"))}
        self._send(self._make("PUT", "boundaries", self._account, "boundaries", boundary.id, body=body))

    def delete_boundary(self, boundary: Boundary) -> None:
        """Delete for good; one that has gone already is fine, one that is in use is not."""
        self._send(self._make("DELETE", "boundaries", self._account, "boundaries", boundary.id, absent_is_fine=True))

    def bindings(self, level: Level) -> list[Binding]:
        """All bindings at a level, one for each group."""
        items = ask_for_list(self._send, self._make("GET", "bindings", level, "bindings"), "policyBindings")
        return [
            Binding(
                level,
                str(item["policyUuid"]),
                str(group),
                _texts(item.get("parameters")),
                _texts(item.get("metadata")),
                tuple(sorted(str(each) for each in item.get("boundaries") or ())),
            )
            for item in items
            if item.get("policyUuid")
            for group in item.get("groups") or ()
        ]

    def bind(self, binding: Binding) -> None:
        """Add one binding. The service refuses one that is there already."""
        self._append(self._binding("POST", binding, body=_binding_body(binding), safety=Safety.CREATE, fresh=True))

    def bind_groups(self, bindings: Sequence[Binding]) -> None:
        """Add bindings that differ only in their groups, and have neither parameters nor metadata, in one call."""
        first = bindings[0]
        body = {"groups": [binding.group for binding in bindings], "boundaries": list(first.boundaries)}
        call = self._make(
            "POST", "bindings", first.level, "bindings", first.policy, body=body, safety=Safety.CREATE, fresh=True
        )
        self._append(call)

    def _append(self, call: Call) -> None:
        """What somebody bound meanwhile makes the service refuse all of a call: then only reading again can tell."""
        try:
            self._send(call)
        except CallFailed as failure:
            if failure.status == 400 and "already" in str(failure).lower():
                failure.effect = Effect.EXISTS
            raise

    def rebind(self, binding: Binding) -> None:
        """Replace the boundaries of a binding that is there."""
        self._send(self._binding("PUT", binding, body=_binding_body(binding), query=_selectors(binding)))

    def unbind(self, binding: Binding) -> None:
        """Remove one binding. The service answers 400, sometimes 404, for what isn't bound: only reading can tell."""
        try:
            self._send(self._binding("DELETE", binding, query=(*_selectors(binding), ("forceMultiple", "false"))))
        except CallFailed as failure:
            if failure.status in (400, 404):
                failure.effect = Effect.UNKNOWN
            raise

    def effective(self, level: Level, entity_type: str, entity_id: str) -> list[dict[str, Any]]:
        """What policies allow and deny a ``user`` (uid) or ``group`` (id) at the account or an environment, as the
        service has it: ``{permission, effects: [{effect, conditions, effectivePolicies}]}``."""
        path = path_of("iam", "v1", "resolution", *level, "effectivepermissions")
        query = (("entityId", entity_id), ("entityType", entity_type))
        call = Call("GET", path, ("iam:effective-permissions:read", MANAGE), query)
        return list(self._paged(call, "effectivePermissions"))

    def _pages(self, level: Level, noun: str) -> Iterator[dict[str, Any]]:
        return self._paged(self._make("GET", noun, level, noun), "content")

    def _paged(self, call: Call, key: str) -> Iterator[dict[str, Any]]:
        """Until a page is short or the total is reached: not every list tells its total."""
        number, seen = 1, 0
        while True:
            query = (*call.query, ("page", str(number)), ("size", str(PAGE)))
            body = self._send(Call(call.method, call.path, call.scopes, query))
            check_list(call, body, key)
            items = items_of(body, key)
            yield from items
            number, seen = number + 1, seen + len(items)
            total, size = body.get("totalCount", body.get("total")), body.get("pageSize") or PAGE
            if not items or (seen >= total if isinstance(total, int) else len(items) < size):
                return

    def _created(self, call: Call) -> dict[str, Any]:
        body = as_object(self._send(call))
        if not body.get("uuid"):
            problem = f"{call.method} {call.path}: the service gave no id for what it created."
            raise CallFailed(problem, call.method, call.path, effect=Effect.UNKNOWN)
        return body

    def _binding(self, method: Method, binding: Binding, **particulars: Any) -> Call:
        return self._make(method, "bindings", binding.level, "bindings", binding.policy, binding.group, **particulars)

    def _gone(self, noun: str, name: str, plural: str, level: Level, thing_id: str) -> CallFailed:
        call = self._make("PUT", plural, level, plural, thing_id)
        return CallFailed(
            f"The {noun} {name!r} has gone meanwhile, so it was not changed: run again.", "PUT", call.path
        )

    @staticmethod
    def _make(method: Method, noun: str, level: Level, *segments: str, **particulars: Any) -> Call:
        may = "read" if method == "GET" or segments[-1] == "validation" else "write"
        path = path_of("iam", "v1", "repo", *level, *segments)
        return Call(method, path, (f"iam:{noun}:{may}", MANAGE), **particulars)


def _texts(given: Any) -> Texts:
    """Absent, null and empty all mean that there are none."""
    return tuple(sorted((str(key), str(value)) for key, value in as_object(given).items()))


def _selectors(binding: Binding) -> Texts:
    parameters = tuple((f"parameters[{key}]", value) for key, value in binding.parameters)
    return (*parameters, *((f"metadata[{key}]", value) for key, value in binding.metadata))


def _policy(item: Mapping[str, Any], level: Level) -> Policy:
    statement = item.get("statementQuery")
    return Policy(
        id=str(item["uuid"]),
        name=str(item.get("name") or ""),
        level=level,
        description=str(item.get("description") or ""),
        tags=tuple(str(tag) for tag in item.get("tags") or ()),
        statement=None if statement is None else str(statement),
    )


def _policy_body(policy: Policy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "description": policy.description,
        "tags": list(policy.tags),
        "statementQuery": policy.statement or "",
    }


def _boundary(item: Mapping[str, Any]) -> Boundary:
    return Boundary(str(item["uuid"]), str(item.get("name") or ""), str(item.get("boundaryQuery") or ""))


def _boundary_body(boundary: Boundary) -> dict[str, Any]:
    return {"name": boundary.name, "boundaryQuery": boundary.query, "metadata": {}}


def _binding_body(binding: Binding) -> dict[str, Any]:
    return {
        "parameters": dict(binding.parameters),
        "metadata": dict(binding.metadata),
        "boundaries": list(binding.boundaries),
    }
