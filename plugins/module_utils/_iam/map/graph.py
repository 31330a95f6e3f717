# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account as a graph of typed nodes and edges. Pure; the same account gives the same lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..._api.records import ScimUser, Token
from ..model import Snapshot
from .grants import Grant

Item = dict[str, Any]


@dataclass(frozen=True)
class Graph:
    """``nodes``: ``{id, kind, name, …}``, ``edges``: ``{kind, source, target, …}``; both sorted."""

    nodes: list[Item]
    edges: list[Item]


def graph_of(
    snapshot: Snapshot,
    grants: Mapping[str, tuple[Grant, ...]],
    tokens: Iterable[Token] = (),
    scim_users: Iterable[ScimUser] = (),
) -> Graph:
    """Kinds of nodes: account, environment, management_zone, user, service_user, group, policy, boundary, api_token,
    platform_token, scim_user.

    Kinds of edges: ``member_of`` (user to group), ``permission`` (group to environment or account), ``binding`` (group
    to policy, with ``at``, the environment or account, and its boundaries), ``part_of`` (zone to environment), ``owns``
    (user to token, whether they are still there or not), ``in_scim`` (user to their record in SCIM). Edges refer to
    nodes that are there: what no list shows gets a node of its own.
    """
    beside = [*map(_token, tokens), *map(_scim_user, scim_users)]
    nodes = {each["id"]: each for each in (*_nodes(snapshot), *(node for node, _edge in beside))}
    edges = [*_memberships(snapshot), *_zones(snapshot), *_grants(snapshot, grants)]
    edges += [edge for _node, edge in beside if edge]
    for edge in edges:
        for end in (edge["source"], edge["target"]):
            nodes.setdefault(end, _unlisted(end))
    return Graph(sorted(nodes.values(), key=_node_key), sorted(edges, key=_edge_key))


def _node_key(node: Item) -> tuple[str, str, str]:
    return (node["kind"], node["name"], node["id"])


def _edge_key(edge: Item) -> tuple[str, ...]:
    return tuple(str(edge.get(key) or "") for key in ("kind", "source", "target", "at", "what", "group", "parameters"))


def _nodes(snapshot: Snapshot) -> Iterator[Item]:
    yield {"id": account_id(snapshot), "kind": "account", "name": snapshot.account}
    for place in snapshot.environments or ():
        name = place.name or place.id
        yield {"id": f"environment:{place.id}", "kind": "environment", "name": name, "active": place.active}
        for zone in place.zones:
            yield {"id": f"management_zone:{place.id}:{zone.id}", "kind": "management_zone", "name": zone.name}
    robots = {each.email.lower(): each for each in (snapshot.service_users or {}).values()}
    for key, user in snapshot.users.items():
        kind = "service_user" if user.is_service_user else "user"
        name = robots[key].name if key in robots else " ".join(filter(None, (user.first_name, user.last_name)))
        yield {"id": f"user:{key}", "kind": kind, "name": name, "email": user.email, "status": user.status}
    for group in snapshot.groups.values():
        yield {"id": f"group:{group.id}", "kind": "group", "name": group.name, "owner": group.owner}
    for policy in snapshot.policies.values():
        yield {"id": f"policy:{policy.id}", "kind": "policy", "name": policy.name, "level": policy.level[0]}
    for boundary in (snapshot.boundaries or {}).values():
        yield {"id": f"boundary:{boundary.id}", "kind": "boundary", "name": boundary.name}


def _token(token: Token) -> tuple[Item, Item | None]:
    node = {"id": f"{token.kind}:{token.id}", "kind": token.kind, "name": token.name, "enabled": token.enabled}
    node |= {"environment": token.environment or None, "personal": token.personal}
    edge = {"kind": "owns", "source": f"user:{token.owner.lower()}", "target": node["id"]}
    return node, edge if token.owner else None


def _scim_user(user: ScimUser) -> tuple[Item, Item | None]:
    node = {"id": f"scim_user:{user.id}", "kind": "scim_user", "name": user.user_name, "active": user.active}
    return node, {"kind": "in_scim", "source": f"user:{user.key}", "target": node["id"]}


def _unlisted(node_id: str) -> Item:
    """Something that is referred to, but that no list shows."""
    kind, _colon, name = node_id.partition(":")
    return {"id": node_id, "kind": kind, "name": name, "unlisted": True}


def account_id(snapshot: Snapshot) -> str:
    """The account's node."""
    return f"account:{snapshot.account}"


def _memberships(snapshot: Snapshot) -> Iterator[Item]:
    for key, groups in snapshot.memberships.items():
        for group in groups if key in snapshot.users else ():
            yield {"kind": "member_of", "source": f"user:{key}", "target": f"group:{group}"}


def _zones(snapshot: Snapshot) -> Iterator[Item]:
    for place in snapshot.environments or ():
        for zone in place.zones:
            source, target = f"management_zone:{place.id}:{zone.id}", f"environment:{place.id}"
            yield {"kind": "part_of", "source": source, "target": target}


def _grants(snapshot: Snapshot, grants: Mapping[str, tuple[Grant, ...]]) -> Iterator[Item]:
    for group, held in grants.items():
        for grant in held:
            place = f"environment:{grant.environment}" if grant.environment else account_id(snapshot)
            source = f"group:{group}"
            if grant.mechanism == "role":
                edge: Item = {"kind": "permission", "source": source, "target": place, "what": grant.what}
                yield {**edge, "zones": list(grant.zones), "since": grant.since}
            else:
                edge = {"kind": "binding", "source": source, "target": f"policy:{grant.policy}", "at": place}
                yield {**edge, "boundaries": list(grant.boundaries), "parameters": dict(grant.parameters)}
