# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The published side held against the document that Dynatrace publishes, where that document is at hand.

It isn't ours to ship, so these tests exist only beside a copy of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.auth import TOKEN_PATH
from tests.simulator.checking import SHARED, document, load, resolve

OFFICIAL = Path(__file__).resolve().parents[4] / "shared" / "reference" / "account-management.openapi.json"

# What the live API does although the document doesn't say so. Everything else must agree.

# Paths of ours that are no part of that document: those of the SSO, and of whatever has a document of its own.
NOT_OFFICIAL = {TOKEN_PATH, *(path for name in SHARED if name != "shared" for path in load(name)["paths"])}

# Fields that recorded answers have and the document doesn't know, by the end of their place in an answer.
LIVE_FIELDS = {
    "items[].type": "recorded in lists of users and members",
    "type": "recorded for one user",
    "items[].userLoginMetadata.lastSuccessfulBasicAuthentication": "recorded",
    "items[].userLoginMetadata.resetPasswordTokenSentAt": "recorded",
    "items[].hidden": "recorded in lists of groups",
    "[].hidden": "recorded for new groups",
    "hidden": "recorded for a group with its permissions",
    "policies[].tags": "recorded in lists of policies",
    "policies[].category": "recorded in lists of policies",
    "category": "recorded for one policy",
    "results[].login": "recorded in lists of service users",
    "results[].type": "recorded in lists of service users",
    "results[].userStatus": "recorded in lists of service users",
    "bindingsDetails": "what clients in production read when they ask for details",
}

# Fields that the document calls strings and that were null when recorded.
LIVE_NULLS = {
    "items[].userLoginMetadata.lastSuccessfulLogin": "never logged in with success",
    "items[].userLoginMetadata.lastFailedLogin": "never failed",
    "items[].userLoginMetadata.createdAt": "dates may be null",
    "items[].userLoginMetadata.updatedAt": "dates may be null",
    "items[].createdAt": "dates may be null",
    "items[].updatedAt": "dates may be null",
    "[].createdAt": "null in the answer to a creation",
    "[].updatedAt": "null in the answer to a creation",
    "createdAt": "dates may be null",
    "updatedAt": "dates may be null",
    "groups[].createdAt": "dates may be null",
    "groups[].updatedAt": "dates may be null",
    "permissions[].createdAt": "dates may be null",
    "permissions[].updatedAt": "dates may be null",
    "statements[].conditions": "a statement without conditions",
}

# Successes of calls for which the document names no status at all.
LIVE_STATUSES = {("/iam/v1/accounts/{accountUuid}/service-users/{userUuid}", "put"): "200"}

# Bodies where the document has none.
LIVE_BODIES = {("/iam/v1/accounts/{accountUuid}/users", "post", "201"): "userUuid of the new user, or nothing"}


class Side:
    """A document with its references resolved on the way."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root

    def schema(self, node: dict[str, Any]) -> dict[str, Any]:
        """A schema without references; an `allOf` of one is that one."""
        node = resolve(self.root, node)
        while len(node.get("allOf", [])) == 1:
            node = resolve(self.root, node["allOf"][0])
        return node

    def operations(self) -> Iterator[tuple[str, str]]:
        """All operations."""
        for path, item in self.root["paths"].items():
            for method in item:
                if method != "parameters":
                    yield path, method

    def parameters(self, path: str, method: str) -> dict[tuple[str, str], dict[str, Any]]:
        """The parameters of an operation by place and name."""
        item = self.root["paths"][path]
        listed = item.get("parameters", []) + item[method].get("parameters", [])
        found = [resolve(self.root, parameter) for parameter in listed]
        return {(parameter["in"], parameter["name"]): parameter for parameter in found}

    def body(self, path: str, method: str) -> dict[str, Any] | None:
        """The schema of a request body, if there is one."""
        body = resolve(self.root, self.root["paths"][path][method].get("requestBody", {}))
        return self.schema(body["content"]["application/json"]["schema"]) if body else None

    def successes(self, path: str, method: str) -> dict[str, dict[str, Any]]:
        """The content of each answer that is a success, by status."""
        responses = self.root["paths"][path][method]["responses"]
        found = {status: resolve(self.root, response) for status, response in responses.items()}
        return {status: response.get("content", {}) for status, response in found.items() if status.startswith("2")}


def types(schema: dict[str, Any]) -> set[str]:
    """The types of a schema; an integer is a number."""
    given = schema.get("type", [])
    return {"number" if item == "integer" else item for item in ([given] if isinstance(given, str) else given)}


def values(schema: dict[str, Any]) -> set[Any] | None:
    """The values that a schema allows, None for any."""
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None


class Comparison:
    """Collects how one of our schemas differs from the official one."""

    def __init__(self, ours: Side, theirs: Side, *, answer: bool) -> None:
        self.ours = ours
        self.theirs = theirs
        self.answer = answer
        self.differences: list[str] = []
        self.excused: set[str] = set()

    def compare(self, our_node: dict[str, Any], their_node: dict[str, Any], where: str = "") -> None:
        """Compare two schemas and what is in them."""
        mine, official = self.ours.schema(our_node), self.theirs.schema(their_node)
        self._types(mine, official, where)
        if "array" in types(mine) & types(official):
            self.compare(mine["items"], official["items"], where + "[]")
        elif "object" in types(mine) & types(official):
            self._fields(mine, official, where)

    def _types(self, mine: dict[str, Any], official: dict[str, Any], where: str) -> None:
        """Types must be the same, our values among theirs."""
        extra = types(mine) - types(official)
        if extra == {"null"} and (where in LIVE_NULLS or not self.answer):
            self.excused.add(where)
            extra = set()
        if types(official) and (extra or types(official) - types(mine)):
            self.differences.append(f"{where}: type {types(mine)}, official {types(official)}")
        allowed, known = values(mine), values(official)
        if known is not None and (allowed is None or not allowed <= known):
            self.differences.append(f"{where}: values {allowed}, official {known}")

    def _fields(self, mine: dict[str, Any], official: dict[str, Any], where: str) -> None:
        """The same fields on both sides, and as strictly required."""
        our_fields, their_fields = mine.get("properties", {}), official.get("properties", {})
        prefix = where + "." if where else ""
        for name in sorted(our_fields.keys() | their_fields.keys()):
            place = prefix + name
            if name not in our_fields:
                self.differences.append(f"{place}: missing in ours")
            elif name in their_fields:
                self.compare(our_fields[name], their_fields[name], place)
            elif self.answer and place in LIVE_FIELDS:
                self.excused.add(place)
            else:
                self.differences.append(f"{place}: not official")
        our_needs, their_needs = set(mine.get("required", [])), set(official.get("required", []))
        if their_needs - our_needs or (not self.answer and our_needs - their_needs):
            self.differences.append(f"{where}: required {sorted(our_needs)}, official {sorted(their_needs)}")


if OFFICIAL.exists():
    THEIRS = Side(json.loads(OFFICIAL.read_text(encoding="utf-8")))
    OURS = Side(document("published"))
    OPERATIONS = [item for item in OURS.operations() if item[0] not in NOT_OFFICIAL]

    def compare_answers(path: str, method: str) -> Comparison:
        """Compare the successful answers of an operation."""
        mine, official = OURS.successes(path, method), THEIRS.successes(path, method)
        if (path, method) in LIVE_STATUSES:
            assert official == {}
            official = {LIVE_STATUSES[path, method]: {}}
        assert mine.keys() == official.keys()
        comparison = Comparison(OURS, THEIRS, answer=True)
        for status, content in mine.items():
            json_schema = content.get("application/json", {}).get("schema")
            if official[status]:
                comparison.compare(json_schema, official[status]["application/json"]["schema"])
            else:
                assert json_schema is None or (path, method, status) in LIVE_BODIES
        return comparison

    @pytest.mark.parametrize(("path", "method"), OPERATIONS)
    class TestOperation:
        """Each operation of ours."""

        def test_is_official(self, path: str, method: str) -> None:
            assert path in THEIRS.root["paths"]
            assert method in THEIRS.root["paths"][path]
            mine, official = OURS.root["paths"][path][method], THEIRS.root["paths"][path][method]
            assert mine.get("deprecated", False) == official.get("deprecated", False)

        def test_has_the_official_parameters(self, path: str, method: str) -> None:
            mine, official = OURS.parameters(path, method), THEIRS.parameters(path, method)
            assert mine.keys() == official.keys()
            comparison = Comparison(OURS, THEIRS, answer=False)
            for key, parameter in mine.items():
                assert parameter.get("required", False) == official[key].get("required", False), key
                comparison.compare(parameter["schema"], official[key]["schema"], key[1])
            assert comparison.differences == []

        def test_has_the_official_request_body(self, path: str, method: str) -> None:
            mine, official = OURS.body(path, method), THEIRS.body(path, method)
            assert (mine is None) == (official is None)
            comparison = Comparison(OURS, THEIRS, answer=False)
            if mine is not None and official is not None:
                comparison.compare(mine, official)
            assert comparison.differences == []

        def test_has_the_official_answers(self, path: str, method: str) -> None:
            assert compare_answers(path, method).differences == []

    class TestWhole:
        """All of it together."""

        def test_no_official_operation_on_our_paths_is_missing(self) -> None:
            paths = {path for path, _method in OPERATIONS}
            official = {item for item in THEIRS.operations() if item[0] in paths}
            assert official == set(OPERATIONS)

        def test_each_known_deviation_is_one(self) -> None:
            used = set().union(*(compare_answers(path, method).excused for path, method in OPERATIONS))
            assert used == LIVE_FIELDS.keys() | LIVE_NULLS.keys()

        def test_the_comparison_sees_a_difference(self) -> None:
            mine = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {}}}
            official = {"type": "object", "required": ["c"], "properties": {"a": {"type": "number"}, "c": {}}}
            comparison = Comparison(OURS, THEIRS, answer=True)
            comparison.compare(mine, official)
            assert len(comparison.differences) == 4
