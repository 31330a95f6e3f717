# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data of made-up accounts, of any size and always the same: what the role hands to the page."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]

FIRST = ("Ada", "Alan", "Barbara", "Björn", "Dorothy", "Frances", "Grace", "Hedy", "Katherine", "Niklaus")
LAST = ("Byron", "Turing", "Liskov", "Ågren", "Shannon", "Vaughan", "Allen", "Hopper", "Lamarr", "Kovač", "Wirth")
PLACES = ("Production", "Staging", "Sandbox", "Payments", "Logistics", "Warehouse", "Retail", "Training", "Edge", "Lab")
REGIONS = ("EU", "US")
TEAMS = ["Platform", "Payments", "Checkout", "Search", "Logistics", "Mobile", "Security", "Network", "Storage", "Data"]
ROLES = ("tenant-viewer", "tenant-manage-settings", "tenant-logviewer", "tenant-agent-install")
POLICIES = ("Standard User", "Pro User", "Data Processing and Storage", "Settings Reader")
SEVERITIES = ("low", "high", "medium")

# Names that would do something if anybody took them for more than names.
HOSTILE = (
    '<img src="http://127.0.0.1:9/x" onerror="window.harmed=1">',
    "</script><script>window.harmed=1</script>",
    "=HYPERLINK(1)",
    "{{ 7 * 191 }} {% endraw %} {% raw %}",
    "a\u2028b\u2029c & <!--",
    "javascript:window.harmed=1",
    '" onmouseover="window.harmed=1',
    "\\u003cb\\u003e \\",
)


def grant(what: str, environment: int | None, **more: Any) -> Data:
    """A grant as the role describes it; a policy unless ``mechanism`` says otherwise."""
    mechanism = more.get("mechanism", "policy")
    policy = what if mechanism == "policy" else None
    kept: Data = {"policy": policy, "zones": [], "boundaries": [], "conditional": False, "denies": False, "since": None}
    return {"environment": environment, "what": what, "mechanism": mechanism, **kept, **more}


def group(name: str, *grants: Data, owner: str = "LOCAL", description: str = "") -> Data:
    """A group."""
    return {"name": name, "id": f"id of {name}", "owner": owner, "description": description, "grants": list(grants)}


def person(email: str, name: str, groups: list[int], **more: Any) -> Data:
    """A user, unless ``kind`` says otherwise."""
    kept: Data = {"status": "ACTIVE", "kind": "user", "last_login": "2026-03-30T08:00:00Z", "tokens": 0}
    return {"email": email, "name": name, "groups": groups, **kept, **more}


def finding(title: str, severity: str, *subjects: tuple[str, str]) -> Data:
    """A finding with subjects as (kind, name)."""
    return {
        "rule": "made-up-rule",
        "severity": severity,
        "title": title,
        "subjects": [{"kind": kind, "name": name} for kind, name in subjects],
        "evidence": f"What was seen: {title}.",
        "fix": "- name: Mend it\n  identityops.dynatrace.dynatrace_user:\n    state: absent\n",
    }


def account(environments: int, groups: list[Data], people: list[Data], findings: list[Data]) -> Data:
    """The whole, with this many environments; the third is inactive."""
    names = [f"{PLACES[at % len(PLACES)]} {REGIONS[at // len(PLACES) % len(REGIONS)]}" for at in range(environments)]
    return {
        "account": {"id": "6f1a2b3c-0000-4000-8000-000000000001", "name": "Example Industries"},
        "read_at": "2026-04-01T09:30:00Z",
        "dormant_days": 90,
        "version": "1.0.0",
        "environments": [{"id": f"abc{10000 + at}", "name": name, "active": at != 2} for at, name in enumerate(names)],
        "people": people,
        "groups": groups,
        "findings": findings,
    }


def small() -> Data:
    """Three environments, four people; each kind of grant once."""
    groups = [
        group("Viewers", grant("tenant-viewer", 0, mechanism="role", since="2025-11-02T10:00:00Z"), owner="SCIM"),
        group(
            "Payments",
            grant("Pro User", 1, boundaries=["Only payments"]),
            grant("tenant-logviewer", 1, mechanism="role", zones=["pay"]),
        ),
        group("Admins", grant("account-editor", None, mechanism="role"), grant("Settings Reader", None)),
        group("Nobody's", grant("tenant-viewer", 2, mechanism="role")),
        group("Locked out", grant("Deny everything", 0, denies=True)),
    ]
    people = [
        person("ada@example.com", "Ada Byron", [0, 1], last_login="2026-03-30T23:00:00-02:00", tokens=2),
        person("grace@example.com", "Grace Hopper", [2], last_login="2025-01-05T08:00:00Z"),
        person("zoe@example.com", "", [4], status="PENDING", last_login=None),
        person("robot@example.com", "Robot", [0], kind="service_user", last_login=None, tokens=None),
    ]
    findings = [
        finding("Nobody is in a group", "low", ("group", "Nobody's")),
        finding("Grace has not signed in for a year", "high", ("user", "grace@example.com")),
    ]
    return account(3, groups, people, findings)


def hostile() -> Data:
    """Each name is one that would do harm."""
    groups = [group(name, grant(name, 0, zones=[name], boundaries=[name]), description=name) for name in HOSTILE]
    people = [person(f"{name}@example.com", name, [at], status=name) for at, name in enumerate(HOSTILE)]
    findings = [
        finding(name, "high", ("group", name)) | {"rule": name, "evidence": name, "fix": name} for name in HOSTILE
    ]
    data = account(1, groups, people, findings)
    data["account"]["name"] = HOSTILE[0]
    data["environments"][0]["name"] = HOSTILE[1]
    return data


def _big_grants(at: int, environments: int) -> list[Data]:
    places = [(at * 7 + step * 3) % environments for step in range(4 + at % 9)]
    roles = [
        grant(
            ROLES[(at + place) % 4],
            place,
            mechanism="role",
            zones=["web", "db"][: place % 3],
            since="2025-06-01T00:00:00Z",
        )
        for place in places
    ]
    policies = [
        grant(POLICIES[(at + place) % 4], place, boundaries=[f"{TEAMS[at % 10]} only"] if at % 3 else [])
        for place in places[::2]
    ]
    shared = [grant("Standard User", None, conditional=True)] if at % 25 == 0 else []
    return roles + policies + shared


def _employee(at: int, groups: int) -> Data:
    first, last = FIRST[at % len(FIRST)], LAST[at // len(FIRST) % len(LAST)]
    return person(
        f"{first}.{last}.{at}@example.com".lower(),
        f"{first} {last}",
        sorted({(at * 13 + step * 17) % groups for step in range(at % 9)}),
        status="ACTIVE" if at % 17 else "PENDING",
        kind="user" if at % 50 else "service_user",
        last_login=f"202{5 + at % 2}-{1 + at % 3:02}-{1 + at % 28:02}T08:00:00Z" if at % 17 else None,
        tokens=at % 4,
    )


def big(people: int = 1000, environments: int = 20, groups: int = 150) -> Data:
    """An account of that size: people in up to eight groups, every fortieth finding something."""
    named = [
        group(
            f"{TEAMS[at % 10]} {REGIONS[at % 2]} {at:03}",
            *_big_grants(at, environments),
            owner=("LOCAL", "SCIM", "SAML")[at % 3],
            description=f"People of {TEAMS[at % 10]}",
        )
        for at in range(groups)
    ]
    staff = [_employee(at, groups) for at in range(people)]
    found = [
        finding(f"{staff[at]['name']} holds more than the team", SEVERITIES[at % 3], ("user", staff[at]["email"]))
        for at in range(0, people, 40)
    ]
    return account(environments, named, staff, found)
