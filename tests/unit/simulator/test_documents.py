# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own OpenAPI documents: valid, complete, strict, and able to find a mistake."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.simulator.app import CONTRACTS
from tests.simulator.auth import TOKEN_PATH
from tests.simulator.checking import Checker, document
from tests.simulator.log import Exchange
from tests.unit.simulator.helpers import ACCOUNT

NAMES = {"account": "accountUuid", "level_type": "levelType", "level_id": "levelId"}
GROUP_NAMES = {"published": "groupUuid", "guide": "groupId"}
USERS = f"/iam/v1/accounts/{ACCOUNT}/users"


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_a_document_is_valid(contract: str) -> None:
    validate(document(contract))


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_a_document_has_just_the_routes_of_the_simulator(contract: str) -> None:
    served = {("post", TOKEN_PATH)}
    for route in CONTRACTS[contract]:
        path = route.path
        for ours, theirs in {**NAMES, "group": GROUP_NAMES[contract]}.items():
            path = path.replace("{" + ours + "}", "{" + theirs + "}")
        served.add((route.method.lower(), path))
    described = {
        (method, path)
        for path, item in document(contract)["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert described == served


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_a_document_knows_no_other_fields(contract: str) -> None:
    for name, schema in document(contract)["components"]["schemas"].items():
        if "properties" in schema:
            assert schema["additionalProperties"] is False, name


def exchange(**changed: Any) -> Exchange:
    """A list of users that fits, but for what is changed."""
    whole: dict[str, Any] = {
        "method": "GET",
        "base_url": "http://127.0.0.1:1",
        "path": USERS,
        "query": "",
        "request_headers": {"authorization": "Bearer x"},
        "request_body": b"",
        "status": 200,
        "response_headers": {"content-type": "application/json"},
        "response_body": json.dumps({"count": 0, "items": []}).encode(),
    }
    return Exchange(**{**whole, **changed})


JSON_HEADERS = {"authorization": "Bearer x", "content-type": "application/json"}
POST = {"method": "POST", "request_headers": JSON_HEADERS, "status": 201, "response_body": b'{"userUuid": "u"}'}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"query": "service-users=true"},
        {**POST, "request_body": b'{"email": "a@example.com"}'},
        {"response_body": b"nonsense", "scripted": True},
        {"status": None, "scripted": True},
    ],
)
def test_the_checker_lets_pass_what_fits(changed: dict[str, Any]) -> None:
    checker = Checker("published")
    checker(exchange(**changed))
    assert checker.findings == []


@pytest.mark.parametrize(
    "changed",
    [
        {"query": "page=2"},
        {"query": "service-users=maybe"},
        {"request_headers": {}},
        {"path": "/iam/v1/accounts"},
        {"method": "PATCH"},
        {"status": 418},
        {"response_body": b'{"count": 0}'},
        {"response_body": b'{"count": 0, "items": [], "more": 1}'},
        {"response_body": b'{"count": "0", "items": []}'},
        {"response_body": b""},
        {"response_headers": {"content-type": "text/plain"}},
        {**POST, "request_body": b'{"email": "a@example.com", "firstName": "A"}'},
        {**POST, "request_body": b"[]"},
        {**POST, "request_body": b""},
        {"method": "DELETE", "path": USERS + "/a", "response_headers": {"content-type": "text/html"}},
        {"method": "DELETE", "path": USERS + "/a", "status": 204, "response_body": b""},
    ],
)
def test_the_checker_finds_what_does_not_fit(changed: dict[str, Any]) -> None:
    checker = Checker("published")
    checker(exchange(**changed))
    assert checker.findings


def test_the_checker_can_leave_refused_requests_alone() -> None:
    refused = exchange(request_headers={}, status=401, response_body=b'{"error":true,"payload":null,"message":"x"}')
    lenient, strict = Checker("published", requests="accepted"), Checker("published")
    lenient(refused)
    strict(refused)
    assert lenient.findings == []
    assert len(strict.findings) == 1
