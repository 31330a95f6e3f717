# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds traffic against our own OpenAPI documents.

    checker = Checker("published")
    with serve(contract="published", observer=checker) as sim:
        ...
    assert checker.findings == []

Scripted answers (faults, rate limiter) are exempt; the requests that met them are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from .bindings import SELECTOR
from .log import Exchange

SELECTORS = "query-params"  # what the official document calls any number of selectors
SCIM = "application/scim+json"
SHARED = ("shared", "tokens", "contents", "scim", "audit")
DOCUMENTS = Path(__file__).parent / "openapi"


@cache
def document(contract: str) -> dict[str, Any]:
    """Our OpenAPI document of a contract, with what both contracts share."""
    whole = load(contract)
    for part in map(load, SHARED):
        whole["paths"].update(part["paths"])
        for kind, items in part["components"].items():
            whole["components"].setdefault(kind, {}).update(items)
    return whole


def load(name: str) -> dict[str, Any]:
    """One of the files."""
    loaded: dict[str, Any] = yaml.safe_load((DOCUMENTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def specification(contract: str) -> OpenAPI:
    """The document, ready to validate with."""
    return OpenAPI.from_dict(document(contract), config=Config(extra_media_type_deserializers={SCIM: json.loads}))


class RequestOf:
    """An exchange's request in the shape that openapi-core asks for."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(exchange.query, keep_blank_values=True)),
            header=Headers(dict(exchange.request_headers)),
        )
        self.host_url = exchange.base_url
        self.path = exchange.path
        self.method = exchange.method.lower()
        self.body = exchange.request_body or None
        self.content_type = exchange.request_headers.get("content-type", "")


class ResponseOf:
    """An exchange's answer in the shape that openapi-core asks for."""

    def __init__(self, exchange: Exchange) -> None:
        self.status_code = exchange.status or 0
        self.content_type = exchange.response_headers.get("content-type", "")
        self.headers = Headers(dict(exchange.response_headers))
        self.data = exchange.response_body


class Checker:
    """An observer that collects what doesn't fit the document.

    With `requests="all"` each request must fit, whatever the answer; with "accepted" only those that got a 2xx.
    """

    def __init__(self, contract: str, requests: str = "all") -> None:
        self.findings: list[str] = []
        self._api = specification(contract)
        self._document = document(contract)
        self._requests = requests

    def __call__(self, exchange: Exchange) -> None:
        """Look at one exchange."""
        accepted = exchange.status is not None and 200 <= exchange.status < 300
        if self._requests == "all" or accepted:
            self._look(exchange, "request", lambda: self._request(exchange))
        if not exchange.scripted:
            self._look(exchange, "answer", lambda: self._response(exchange))

    def _look(self, exchange: Exchange, what: str, look: Callable[[], None]) -> None:
        """Turn what a validation raises into a finding."""
        try:
            look()
        except Exception as problem:  # noqa: BLE001  # whatever it is, it is a finding
            reasons = [str(item) for item in getattr(problem.__cause__, "schema_errors", None) or ()]
            text = "; ".join([f"{type(problem).__name__}: {problem}", *reasons])
            self.findings.append(f"{what} {exchange.method} {exchange.path} {exchange.status}: {text}"[:2000])

    def _request(self, exchange: Exchange) -> None:
        """The request must fit, without query parameters that nobody declared."""
        self._api.validate_request(RequestOf(exchange))
        operation = self._operation(exchange)
        parameters = [resolve(self._document, item) for item in operation.get("parameters", [])]
        declared = {item["name"] for item in parameters if item["in"] == "query"}
        for name, _value in parse_qsl(exchange.query, keep_blank_values=True):
            if name not in declared and not (SELECTORS in declared and SELECTOR.fullmatch(name)):
                raise ValueError(f"query parameter {name} is not declared")

    def _response(self, exchange: Exchange) -> None:
        """The answer must fit. An empty body only does where the document has none, or text of length 0."""
        operation = self._operation(exchange)
        if not operation and exchange.status in (404, 405):
            return
        response = resolve(self._document, operation.get("responses", {}).get(str(exchange.status), {}))
        if exchange.response_body or not may_be_empty(response, exchange):
            self._api.validate_response(RequestOf(exchange), ResponseOf(exchange))
            if exchange.response_body and "content" not in response:
                raise ValueError("a body where there should be none")

    def _operation(self, exchange: Exchange) -> dict[str, Any]:
        """The operation of the document that an exchange used; empty when there is none."""
        for template, item in self._document["paths"].items():
            method = exchange.method.lower()
            if method in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), exchange.path):
                found: dict[str, Any] = item[method]
                return found
        return {}


def resolve(root: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """What a local reference means."""
    while "$ref" in item:
        target: Any = root
        for step in item["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        item = target
    return item


def may_be_empty(response: dict[str, Any], exchange: Exchange) -> bool:
    """Whether a response of the document says in so many words that there is no body (openapi-core can't)."""
    kind = exchange.response_headers.get("content-type", "").partition(";")[0]
    schema = response.get("content", {}).get(kind, {}).get("schema", {})
    needed = [name for name, header in response.get("headers", {}).items() if header.get("required")]
    if any(name.lower() not in exchange.response_headers for name in needed):
        return False
    return bool(schema.get("maxLength") == 0)
