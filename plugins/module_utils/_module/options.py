# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs as values: modules merge what they need."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.errors import AnsibleFallbackNotFound

Spec = dict[str, dict[str, Any]]


def filled_env(name: str) -> str:
    """The value of an environment variable. An empty one counts as none: AWX sets one for each field left empty."""
    value = str(env_fallback(name))
    if not value:
        raise AnsibleFallbackNotFound
    return value


def env(name: str) -> dict[str, Any]:
    """For an option: the environment variable that stands in for it."""
    return {"fallback": (filled_env, [name])}


CONNECTION: Spec = {
    "account_uuid": {"type": "str", **env("DYNATRACE_ACCOUNT_UUID")},
    "client_id": {"type": "str", **env("DYNATRACE_CLIENT_ID")},
    "client_secret": {"type": "str", "no_log": True, **env("DYNATRACE_CLIENT_SECRET")},
    "access_token": {"type": "str", "no_log": True, **env("DYNATRACE_ACCESS_TOKEN")},
    "scopes": {"type": "list", "elements": "str", "default": []},
    "api_url": {"type": "str", "default": "https://api.dynatrace.com", **env("DYNATRACE_API_URL")},
    "token_url": {
        "type": "str",
        "default": "https://sso.dynatrace.com/sso/oauth2/token",
        "no_log": False,
        **env("DYNATRACE_TOKEN_URL"),
    },
    "api_contract": {
        "type": "str",
        "default": "auto",
        "choices": ["auto", "published", "guide"],
        **env("DYNATRACE_API_CONTRACT"),
    },
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30},
    "concurrency": {"type": "int", "default": 5},
    "rate_limit": {"type": "int", "default": 200},
    "retry_budget": {"type": "float", "default": 300},
    "allowed_hosts": {"type": "list", "elements": "str", "default": []},
}


NAMES: dict[str, Any] = {"type": "list", "elements": "str"}

TIME_BOXED: dict[str, Any] = {"type": "list", "elements": "raw"}
"""Names, or dictionaries of ``name`` and ``until``."""

PLAN: Spec = {
    "expected_plan": {"type": "str"},
    "plan_file": {"type": "path"},
    "on_error": {"type": "str", "default": "stop", "choices": ["stop", "continue"]},
    "progress_file": {"type": "path"},
}

ON_MANAGED: Spec = {"on_managed": {"type": "str", "default": "fail", "choices": ["fail", "warn", "skip"]}}

GUARD: Spec = {
    "guard": {
        "type": "dict",
        "default": {},
        "options": {
            "max_removals": {"type": "int"},
            "max_removal_percent": {"type": "float", "default": 25},
            "min_existing": {"type": "int", "default": 10},
            "protected_users": {**NAMES, "default": []},
            "protected_groups": {**NAMES, "default": []},
            "min_admins": {"type": "int", "default": 1},
            "blank_screen": {"type": "str", "default": "ignore", "choices": ["fail", "warn", "ignore"]},
            "environments": {**NAMES, "default": []},
        },
    }
}

USER: Spec = {
    "email": {"type": "str", "required": True},
    "first_name": {"type": "str"},
    "last_name": {"type": "str"},
    "groups": {"type": "dict", "options": {"add": TIME_BOXED, "remove": NAMES, "set": TIME_BOXED, "within": NAMES}},
    "state": {"type": "str", "default": "present", "choices": ["present", "existing", "absent"]},
}

GROUP: Spec = {
    "name": {"type": "str"},
    "id": {"type": "str"},
    "new_name": {"type": "str"},
    "description": {"type": "str"},
    "federated_attribute_values": NAMES,
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}
GROUP_CONSTRAINTS: dict[str, Any] = {"required_one_of": [["name", "id"]], "mutually_exclusive": [["name", "id"]]}

PERMISSIONS: Spec = {
    "permissions": {**NAMES, "required": True},
    "environments": {**NAMES, "default": []},
    "management_zones": {**NAMES, "default": []},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent", "exact"]},
    "mechanism": {"type": "str", "default": "auto", "choices": ["auto", "role", "policy"]},
}

MEMBERS: Spec = {
    "group": {"type": "str", "required": True},
    "users": {**NAMES, "required": True},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent", "exact"]},
    "lookup_failure": {"type": "str", "default": "fail", "choices": ["fail", "warn", "ignore"]},
}

ENV_PERMISSION: Spec = {"group": {"type": "str", "required": True}}

OBJECT: Spec = {
    "name": {"type": "str"},
    "id": {"type": "str"},
    "new_name": {"type": "str"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}
OBJECT_CONSTRAINTS = GROUP_CONSTRAINTS

POLICY: Spec = {
    **OBJECT,
    "environment": {"type": "str"},
    "description": {"type": "str"},
    "tags": NAMES,
    "statement": {"type": "str"},
    "unbind": {"type": "bool", "default": False},
}

BOUNDARY: Spec = {**OBJECT, "query": {"type": "str"}}

SERVICE_USER: Spec = {
    **OBJECT,
    "description": {"type": "str"},
    "groups": {"type": "dict", "options": dict.fromkeys(("add", "remove", "set", "within"), NAMES)},
}


BINDINGS: Spec = {
    "policies": {"type": "list", "elements": "raw", "required": True},
    "environments": {**NAMES, "default": []},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent", "exact"]},
}

POLICY_BINDING: Spec = {"group": {"type": "str", "required": True}, **BINDINGS}

ON_FINDING: Spec = {"on_finding": {"type": "str", "default": "fail", "choices": ["fail", "warn"]}}

MIGRATION: Spec = {
    "groups": {**NAMES, "default": ["*"]},
    "remove_role_permissions": {"type": "bool", "default": False},
    "sample": {"type": "int", "default": 0},
}

ASSERTION: Spec = {
    "subject": {
        "type": "dict",
        "required": True,
        "options": {"user": {"type": "str"}, "group": {"type": "str"}},
        "required_one_of": [["user", "group"]],
        "mutually_exclusive": [["user", "group"]],
    },
    "environment": {"type": "str", "required": True},
    "management_zone": {"type": "str"},
    "must": {**NAMES, "default": []},
    "must_not": {**NAMES, "default": []},
    "mechanism": {"type": "str", "default": "any", "choices": ["any", "policy"]},
}

ACCESS: Spec = {
    "users": {"type": "list", "elements": "dict", "default": [], "options": USER},
    "groups": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            **GROUP,
            "permissions": {"type": "list", "elements": "dict", "options": PERMISSIONS},
            "bindings": {"type": "list", "elements": "dict", "options": BINDINGS},
        },
        **GROUP_CONSTRAINTS,
    },
    "policies": {"type": "list", "elements": "dict", "default": [], "options": POLICY, **OBJECT_CONSTRAINTS},
    "boundaries": {"type": "list", "elements": "dict", "default": [], "options": BOUNDARY, **OBJECT_CONSTRAINTS},
    "service_users": {"type": "list", "elements": "dict", "default": [], "options": SERVICE_USER, **OBJECT_CONSTRAINTS},
    "scope": {"type": "dict", "options": {"groups": NAMES, "email_domains": NAMES}},
    "purge": {
        "type": "dict",
        "default": {},
        "options": {
            kind: {"type": "bool", "default": False} for kind in ("users", "groups", "memberships", "permissions")
        },
    },
}


def included(*choices: str) -> dict[str, Any]:
    """The ``include`` option of an info module: what to read besides the objects themselves."""
    return {**NAMES, "default": [], "choices": list(choices)}
