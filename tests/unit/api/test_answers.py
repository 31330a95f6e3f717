# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies of every kind: the service and what stands in front of it answer in many shapes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.answers import (
    LONGEST_MESSAGE,
    ErrorAnswer,
    items_of,
    parse_body,
    parse_error,
    request_id,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.contracts.recognise import recognise
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput

HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), (" ", None), ("1", 1), ("null", None), (HTML, None), ('{"a": 1}', {"a": 1}), ("[]", []), ("{", None)],
)
def test_bodies(text: str, value: Any) -> None:
    assert parse_body(text) == value


@pytest.mark.parametrize("body", [None, 1, "x", [], {}, {"items": None}, {"items": "x"}, {"items": [1, None, "x"]}])
def test_what_is_no_list_of_objects_has_no_items(body: Any) -> None:
    assert items_of(body, "items") == []


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        pytest.param({"error": True, "payload": None, "message": "Bad email"}, None, "Bad email", id="error is a bool"),
        pytest.param({"error": True, "message": None}, None, "reason", id="bool without a message"),
        pytest.param(
            {"error": {"code": 400, "message": "Wrong", "errorsMap": {"name": "too long"}}},
            "400",
            "Wrong; name: too long",
            id="error is an object",
        ),
        pytest.param(
            {"error": {"code": 400, "message": "Wrong", "constraintViolations": [{"path": "a.b", "message": "null"}]}},
            "400",
            "Wrong; a.b: null",
            id="constraint violations",
        ),
        pytest.param(
            {"error": "invalid_client", "error_description": "Not known"}, "invalid_client", "Not known", id="OAuth"
        ),
        pytest.param({"error": "invalid_client"}, "invalid_client", "invalid_client", id="error is a string"),
        pytest.param({"message": "Forbidden", "statusCode": 403}, "403", "Forbidden", id="gateway"),
        pytest.param({"code": 404, "message": "No level", "errorsMap": {}}, "404", "No level", id="repo"),
        pytest.param(
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409", "scimType": "uniqueness",
             "detail": "There is one"},
            "uniqueness",
            "There is one",
            id="SCIM",
        ),
        pytest.param([{"message": "First"}, {"message": "Second"}], None, "First", id="in a list"),
        pytest.param({}, None, "reason", id="empty object"),
        pytest.param([], None, "reason", id="empty list"),
        pytest.param(1, None, "reason", id="number"),
        pytest.param({"error": False, "message": "x"}, None, "x", id="error is false"),
        pytest.param({"message": {"deep": 1}}, None, "{'deep': 1}", id="message is no text"),
        pytest.param({"error": {"message": None, "errorsMap": None}}, None, "reason", id="nulls"),
        pytest.param({"message": "x", "errorsMap": ["a"]}, None, "x", id="errorsMap is a list"),
    ],
)  # fmt: skip
def test_errors(body: Any, code: str | None, message: str) -> None:
    assert parse_error(json.dumps(body), "reason") == ErrorAnswer(code, message)


@pytest.mark.parametrize("text", ["", HTML, "null", "not found"])
def test_errors_without_json(text: str) -> None:
    assert parse_error(text, "Bad Gateway") == ErrorAnswer(None, "Bad Gateway")
    assert parse_error(text, "").message


def test_messages_are_not_endless() -> None:
    assert len(parse_error(json.dumps({"message": "x" * 10_000}), "").message) == LONGEST_MESSAGE


@pytest.mark.parametrize("name", ["X-Request-Id", "X-Correlation-Id", "Traceparent"])
def test_request_ids(name: str) -> None:
    assert request_id({name: "abc"}) == "abc"
    assert request_id({name: ""}) is None
    assert request_id({}) is None


class TestRecognise:
    @pytest.mark.parametrize(
        ("body", "contract"),
        [
            pytest.param({"count": 1, "items": [{"uuid": "a", "name": "A"}]}, "published", id="published"),
            pytest.param({"count": 0, "items": []}, "published", id="published, empty"),
            pytest.param({"totalCount": 1, "items": [{"groupId": "a", "name": "A"}]}, "guide", id="guide"),
            pytest.param({"totalCount": 0, "items": [], "nextPageKey": None}, "guide", id="guide, empty"),
        ],
    )
    def test_known(self, body: Any, contract: str) -> None:
        assert recognise(body) == contract

    @pytest.mark.parametrize(
        ("body", "keys"),
        [
            pytest.param({"groups": [{"id": 1}], "total": 1}, "groups, total", id="another service"),
            pytest.param({"count": 1, "items": [{"groupId": "a"}]}, "count, groupId, items", id="a mixture"),
            pytest.param({"totalCount": 1, "items": [{"uuid": "a"}]}, "items, totalCount, uuid", id="another mixture"),
            pytest.param({"count": 0, "totalCount": 0, "items": []}, "count, items, totalCount", id="both, empty"),
            pytest.param({"items": []}, "items", id="no count"),
            pytest.param({"count": 1, "items": None}, "count, items", id="no list"),
            pytest.param([{"uuid": "a"}], "uuid", id="a list"),
            pytest.param(None, "none", id="HTML or nothing"),
            pytest.param(1, "none", id="a number"),
        ],
    )
    def test_never_a_guess(self, body: Any, keys: str) -> None:
        with pytest.raises(InvalidInput, match="api_contract") as error:
            recognise(body)
        assert f"the keys {keys}." in str(error.value)
        assert "published or guide" in str(error.value)
