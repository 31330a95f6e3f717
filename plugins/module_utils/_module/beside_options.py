# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs of what lies beside users, groups and policies: SCIM, tokens, people who leave, the map."""

from __future__ import annotations

from .options import GROUP_CONSTRAINTS, NAMES, OBJECT, Spec, env

SCIM: Spec = {
    "scim_url": {"type": "str", **env("DYNATRACE_SCIM_URL")},
    "scim_token": {"type": "str", "no_log": True, **env("DYNATRACE_SCIM_TOKEN")},
}

ENVIRONMENTS: Spec = {
    "environment_tokens": {"type": "dict", "no_log": True, "default": {}, **env("DYNATRACE_ENVIRONMENT_TOKENS")},
    "environment_urls": {"type": "dict", "default": {}, **env("DYNATRACE_ENVIRONMENT_URLS")},
}
"""Tokens and URLs by environment id."""

TOKEN: Spec = {
    "name": {"type": "str"},
    "id": {"type": "str"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}

TOKEN_CONSTRAINTS = GROUP_CONSTRAINTS

API_TOKEN: Spec = {**TOKEN, "environment": {"type": "str", "required": True}, "enabled": {"type": "bool"}}

PLATFORM_TOKEN: Spec = {
    **TOKEN,
    "status": {"type": "str", "choices": ["active", "inactive"]},
    "expiration_date": {"type": "str"},
}

TOKEN_PLACES: Spec = {"environments": NAMES, "include": {**NAMES, "choices": ["api", "platform"]}}

TOKENS: Spec = {**TOKEN_PLACES, "owners": NAMES, "selector": {"type": "str"}}

ORPHANED_TOKENS: Spec = {
    **TOKEN_PLACES,
    "action": {"type": "str", "default": "report", "choices": ["report", "disable"]},
}

SCIM_USER: Spec = {
    "user_name": {"type": "str"},
    "id": {"type": "str"},
    "given_name": {"type": "str"},
    "family_name": {"type": "str"},
    "active": {"type": "bool"},
    "external_id": {"type": "str"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    "update_method": {
        "type": "str",
        "default": "auto",
        "choices": ["auto", "patch", "patch_without_path", "replace"],
    },
}

SCIM_GROUP: Spec = {
    **OBJECT,
    "members": {"type": "dict", "options": dict.fromkeys(("add", "remove", "set"), NAMES)},
}

SCIM_READ: Spec = {
    "include": {
        **NAMES,
        "choices": ["users", "groups", "service_provider_config", "schemas", "resource_types"],
    },
    "user_names": NAMES,
    "user_filter": {"type": "str"},
    "group_names": NAMES,
    "group_filter": {"type": "str"},
}

SCIM_SETUP: Spec = {
    "idp": {"type": "str", "required": True, "choices": ["okta", "entra"]},
    "users": {"type": "list", "elements": "raw", "default": []},
    "groups": {"type": "list", "elements": "raw", "default": []},
}

OFFBOARDING: Spec = {
    "users": {**NAMES, "required": True},
    "action": {
        "type": "str",
        "default": "delete",
        "choices": ["deactivate", "leave_groups", "leave_groups_then_delete", "delete"],
    },
    "tokens": {
        "type": "str",
        "default": "report",
        "choices": ["ignore", "report", "disable", "delete"],
        "no_log": False,
    },
    "environments": NAMES,
    "on_scim_managed": {"type": "str", "default": "fail", "choices": ["fail", "warn"]},
    "account_owner": {"type": "str"},
    "on_open": {"type": "str", "default": "fail", "choices": ["fail", "warn"]},
    "content": {"type": "bool"},
    "evidence_dir": {"type": "path"},
}

ACCESS_MAP: Spec = {
    "include": {**NAMES, "default": [], "choices": ["table", "graph", "findings", "review", "export"]},
    "who_can": {
        "type": "dict",
        "options": {"permission": {"type": "str", "required": True}, "environment": {"type": "str", "required": True}},
    },
    "what_can": {"type": "str"},
    "opens_nothing": {"type": "bool", "default": False},
    "compare_users": NAMES,
    "compare_environments": NAMES,
    "pending_days": {"type": "int", "default": 14},
    "dormant_days": {"type": "int", "default": 90},
    "sibling_environments": {"type": "list", "elements": "list", "default": []},
    "progress_file": {"type": "path"},
}

EXPORT: Spec = {"export_dir": {"type": "path", "required": True}}

DRIFT: Spec = {"expected": {"type": "dict", "required": True}, "audit_days": {"type": "int", "default": 30}}
