# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``dynatrace_access_info`` returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from .._api.account import Account
from .._core.errors import InvalidInput
from .._iam.map.asking import Map
from .._iam.map.export import export
from .._iam.map.export_reading import read_for_export
from .._iam.map.graph import graph_of
from .._iam.map.inquiry import all_findings, read_beside
from .._iam.map.page import page_data
from .._iam.map.people_findings import Patience
from .._iam.map.reading import read_account
from .._iam.map.review import csv_text
from .._iam.map.table import table_of
from .run import Params, current_moment

PAIR = 2


def read_access(account: Account, params: Params) -> dict[str, Any]:
    """``summary``, and whatever else is asked for. Statements are read only where what policies say matters."""
    pairs = {option: _pair(option, params[option]) for option in ("compare_users", "compare_environments")}
    statements = params["who_can"] is not None or "review" in params["include"]
    made = Map(read_account(account, statements=statements))
    answers = {**_questions(made, params), **_comparisons(made, pairs)}
    found: dict[str, Any] = {"summary": _summary(made), "answers": answers, "unread": list(made.unread)}
    if "table" in params["include"]:
        found["table"] = table_of(made.snapshot, made.grants)
    if "export" in params["include"]:
        exported = export(read_for_export(account, made.snapshot))
        found["export"] = {**exported.options, "left_out": exported.left_out}
    if {"graph", "findings", "review"} & set(params["include"]):
        found |= _with_what_is_beside(account, made, params)
    return found


def _pair(option: str, given: Sequence[str] | None) -> Sequence[str] | None:
    if given is not None and len(given) != PAIR:
        raise InvalidInput(f"{option} compares two, not {len(given)}.")
    return given


def _questions(made: Map, params: Params) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if params["who_can"]:
        found["who_can"] = made.who_can(params["who_can"]["permission"], params["who_can"]["environment"])
    if params["what_can"]:
        found["what_can"] = made.what_can(params["what_can"])
    if params["opens_nothing"]:
        found["opens_nothing"] = made.opens_nothing()
    return found


def _comparisons(made: Map, pairs: dict[str, Sequence[str] | None]) -> dict[str, Any]:
    compare = {"compare_users": made.compare_people, "compare_environments": made.compare_environments}
    return {option: compare[option](*pair) for option, pair in pairs.items() if pair}


def _with_what_is_beside(account: Account, made: Map, params: Params) -> dict[str, Any]:
    """More of ``unread``, and ``graph``, ``findings`` and ``review`` as far as they are asked for."""
    patience = Patience(current_moment(), params["pending_days"], params["dormant_days"])
    beside = read_beside(account, has_scim=bool(params["scim_token"]))
    findings = all_findings(made, beside, patience, params["sibling_environments"])
    found: dict[str, Any] = {"unread": [*made.unread, *beside.unread]}
    if "graph" in params["include"]:
        graph = graph_of(made.snapshot, made.grants, beside.tokens, beside.scim_users)
        found["graph"] = {"nodes": graph.nodes, "edges": graph.edges}
    if "findings" in params["include"]:
        found["findings"] = [each.shape() for each in findings]
    if "review" in params["include"]:
        page = page_data(made, findings, beside.tokens, patience.now, params["dormant_days"])
        found["review"] = {"page": page, "csv": csv_text(table_of(made.snapshot, made.grants))}
    return found


def _summary(made: Map) -> dict[str, Any]:
    """How many there are of what."""
    snapshot = made.snapshot
    people = [user for user in snapshot.users.values() if not user.is_service_user]
    return {
        "users": len(people),
        "users_by_status": dict(sorted(Counter(user.status or "unknown" for user in people).items())),
        "service_users": len(snapshot.users) - len(people),
        "groups": len(snapshot.groups),
        "environments": len(snapshot.environments or ()),
        "policies": sum(each.level[0] != "global" for each in snapshot.policies.values()),
        "bindings": sum(len(found or ()) for found in snapshot.bindings.values()),
        "boundaries": len(snapshot.boundaries or ()),
    }
