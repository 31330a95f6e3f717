# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which permissions there are, which conditions each knows, and which operators an attribute takes.

As far as Dynatrace publishes it (March 2026). The service knows more than that, so what is missing here is unusual but
not wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

GLOBAL_PREFIX = "global:"
ZONE = "environment:management-zone"
ZONE_CONDITIONS = frozenset({ZONE, "storage:dt.security_context", "settings:dt.security_context"})
"""What it takes to restrict everything to a management zone: environment, Grail and settings have each their own."""

_GROUPS = {
    "@app": "shared:app-id",
    "@cloud": "storage:gcp.project.id storage:aws.account.id storage:azure.subscription storage:azure.resource.group",
    "@event": "storage:event.kind storage:event.type storage:event.provider",
    "@host": "storage:k8s.namespace.name storage:k8s.cluster.name storage:host.name storage:dt.host_group.id",
    "@bucket": "storage:bucket-name",
    "@context": "storage:dt.security_context",
    "@zone": "environment:management-zone",
    "@schema": "settings:schemaId shared:app-id",
    "@extension": "extensions:host extensions:host-group extensions:ag-group extensions:management-zone"
    " extensions:extension-name",
    "@process": "dev-obs:k8s.namespace.name dev-obs:k8s.cluster.name dev-obs:host.name dev-obs:host.group"
    " dev-obs:dt.entity.process_group dev-obs:dt.process_group.detected_name",
}

# service:resource, its actions, and after the bar the conditions these know.
_PERMISSIONS = """
ai:operator execute
app-engine:apps install run delete | @app app-engine:app-installer
app-engine:certificates create | @app
app-engine:edge-connects read write delete
app-engine:functions run
app-settings:objects read write admin | @schema
automation:calendars read write
automation:rules read write
automation:workflows read run admin
automation:workflows write | automation:workflow-type
business-analytics:business-flows read write
data-acquisition:events ingest
data-acquisition:logs ingest
data-acquisition:metrics ingest
davis-copilot:conversations execute
davis-copilot:document-search execute
davis-copilot:dql2nl execute
davis-copilot:nl2dql execute
davis:analyzers read execute
deployment:activegates.groups write
deployment:activegates.network-zones write
deployment:oneagents.communication-settings write
deployment:oneagents.host-groups write
deployment:oneagents.host-properties write
deployment:oneagents.host-tags write
deployment:oneagents.network-zones write
dev-obs:breakpoint manage
dev-obs:breakpoint set | @process
dev-obs:breakpoints manage
dev-obs:breakpoints set | @process
document:direct-shares read write delete
document:documents read write delete admin
document:environment-shares read write claim delete
document:trash.documents read delete restore
email:emails send
environment:roles agent-install configure-request-capture-data
environment:roles logviewer manage-security-problems manage-settings replay-sessions-with-masking | @zone
environment:roles replay-sessions-without-masking view-security-problems view-sensitive-request-data viewer | @zone
extensions:configuration.actions write | @extension
extensions:configurations read write | @extension
extensions:definitions read write | extensions:extension-name
extensions:discovery.jmx read
geolocation:locations lookup
hub:catalog read
hyperscaler-authentication:aws authenticate
hyperscaler-authentication:azure authenticate
iam:bindings read write | iam:policyUuid iam:levelType iam:boundGroup
iam:boundaries read write
iam:effective-permissions read | iam-param:entity-type iam-param:entity-id
iam:limits read
iam:policies read write
iam:service-users create
iam:service-users use | iam:service-user-email
insights:moments read
insights:opportunities read
mcp-gateway:servers invoke read
notification:notifications read write
notification:self-notifications read write
oauth2:clients manage | oauth2:scopes
openpipeline:configurations read write
openpipeline:events ingest
openpipeline:events.custom ingest
openpipeline:events.sdlc ingest
openpipeline:events.sdlc.custom ingest
openpipeline:security.events ingest
openpipeline:security.events.custom ingest
platform-token:tokens write
security-intelligence:enrichments run
session-replay:resources read
settings:objects admin | @schema settings:schemaGroup
settings:objects read write | @schema settings:schemaGroup settings:entity.hostGroup settings:scope @zone
settings:objects read write | settings:dt.security_context
settings:schemas read | @schema settings:schemaGroup
slo:objective-templates read
slo:slos read write
state-management:app-states delete | @app
state-management:user-app-states delete delete-all | @app
state:app-states read write delete | @app
state:user-app-states read write delete | @app
storage:application.snapshots read | @bucket
storage:bizevents read | @bucket @context @host @cloud @event
storage:bucket-definitions read write delete truncate
storage:buckets read | @bucket storage:table-name storage:query-consumption
storage:entities read | @context storage:entity.type
storage:events read | @bucket @context @host @cloud @event
storage:events write
storage:fieldset-definitions read write
storage:fieldsets read | @bucket storage:table-name storage:fieldset-name
storage:files read write delete | storage:file-path
storage:filter-segments read write share delete admin
storage:logs read | @bucket @context @host @cloud storage:log.source
storage:logs write
storage:metrics read | @bucket @context @host @cloud storage:metric.key
storage:metrics write
storage:records delete
storage:security.events read | @bucket @context @host @cloud @event
storage:smartscape read | @context @host @cloud
storage:spans read | @bucket @context @host @cloud
storage:system read | @bucket @context @event
storage:user.events read | @bucket @context storage:frontend.name
storage:user.replays read | @bucket @context
storage:user.sessions read | @bucket @context storage:frontend.name
unified-analysis:screen-definition read
upgrade-assistant:environments write
vulnerability-service:vulnerabilities read write
"""

# Operators, and after the bar the attributes that take them.
_OPERATORS = """
= | storage:query-consumption iam-param:entity-type
=, IN | automation:workflow-type extensions:host extensions:host-group extensions:ag-group extensions:management-zone
=, IN | iam:service-user-email iam:policyUuid iam:levelType iam:boundGroup iam-param:entity-id settings:schemaGroup
=, NOT IN | oauth2:scopes
=, !=, IN | settings:entity.hostGroup global:week-day
=, IN, startsWith | settings:dt.security_context storage:entity.type storage:file-path
=, IN, startsWith, MATCH | @cloud @context @event @host storage:frontend.name storage:log.source storage:metric.key
=, !=, IN, startsWith, NOT startsWith | settings:schemaId settings:scope
=, !=, IN, startsWith, NOT startsWith, MATCH | @zone
=, !=, IN, NOT IN, startsWith, NOT startsWith | @app @process app-engine:app-installer extensions:extension-name
=, !=, IN, NOT IN, startsWith, NOT startsWith, MATCH | @bucket storage:fieldset-name storage:table-name
<, >, = | global:date
<, > | global:date-time global:time-of-day
"""

# Where an attribute takes less than elsewhere.
_FEWER = """
=, IN, startsWith | app-engine:certificates:create shared:app-id
=, IN, startsWith | storage:entities:read storage:dt.security_context
=, IN, startsWith, MATCH | settings:objects:read environment:management-zone
=, IN, startsWith, MATCH | settings:objects:write environment:management-zone
"""


def _names(text: str) -> list[str]:
    return [name for word in text.split() for name in _GROUPS.get(word, word).split()]


def _rows(table: str) -> Iterator[tuple[str, list[str]]]:
    for line in table.strip().splitlines():
        left, _bar, right = line.partition(" | ")
        yield left, _names(right)


def _permissions() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for left, attributes in _rows(_PERMISSIONS):
        resource, *actions = left.split()
        for name in (f"{resource}:{action}" for action in actions):
            found[name] = found.get(name, frozenset()) | frozenset(attributes)
    return found


def _operators(left: str) -> frozenset[str]:
    return frozenset(left.split(", "))


CONDITIONS: Mapping[str, frozenset[str]] = MappingProxyType(_permissions())
"""By permission: the attributes it knows, without the global ones, which all permissions know."""

OPERATORS: Mapping[str, frozenset[str]] = MappingProxyType(
    {attribute: _operators(left) for left, attributes in _rows(_OPERATORS) for attribute in attributes}
)
"""By attribute: the operators that some permission takes with it. ``global:environmentId`` and ``global:userGroup``
are missing, because nothing is said about theirs."""

_EXCEPTIONS = {(permission, name): _operators(left) for left, (permission, name) in _rows(_FEWER)}

ATTRIBUTES = frozenset({*OPERATORS, "global:environmentId", "global:userGroup"})


def operators_of(attribute: str, permission: str) -> frozenset[str]:
    """The operators that this permission takes with this attribute; empty if the attribute is unknown."""
    return _EXCEPTIONS.get((permission, attribute), OPERATORS.get(attribute, frozenset()))


class EnvironmentRole(NamedTuple):
    """What stands for a role permission in the policy language: a permission, and Dynatrace's own policy with it."""

    permission: str
    policy: str


def _role(name: str, title: str) -> EnvironmentRole:
    return EnvironmentRole(f"environment:roles:{name}", f"Environment role - {title}")


# tenant-manage-support-tickets has no permission of the policy language, and neither have the account's own four.
# Those of agent-install and configure-request-capture-data know no management zone.
ENVIRONMENT_ROLES: Mapping[str, EnvironmentRole] = MappingProxyType(
    {
        f"tenant-{name}": _role(name, title)
        for name, title in {
            "viewer": "Access environment",
            "manage-settings": "Change monitoring settings",
            "agent-install": "Download/install OneAgent",
            "logviewer": "View logs",
            "view-sensitive-request-data": "View sensitive request data",
            "configure-request-capture-data": "Configure capture of sensitive data",
            "replay-sessions-with-masking": "Replay session data",
            "replay-sessions-without-masking": "Replay session data without masking",
            "manage-security-problems": "Manage security problems",
            "view-security-problems": "View security problems",
        }.items()
    }
)
"""By role permission on an environment."""
