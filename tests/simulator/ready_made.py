# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies that Dynatrace brings along, at the global level: the same in each account, and read only.

The names and, where known, the ids were recorded from a live account. An id that ends in zeros and a number is our own
completion of one that was cut off or not recorded; the statements are plausible ones, not Dynatrace's.
"""

from __future__ import annotations

from .model import Policy

GLOBAL = ("global", "global")

# category, name, uuid, and the statements
TABLE = (
    (
        "DYNATRACE_ACCESS",
        "Admin User",
        "68c7f84a-8abf-44b9-a776-c37f73d55000",
        "ALLOW settings:objects:read, settings:objects:write, settings:schemas:read; ALLOW app-engine:apps:run, "
        "app-engine:apps:install, app-engine:apps:delete; ALLOW document:documents:read, document:documents:write, "
        "document:documents:delete, document:documents:admin; ALLOW automation:workflows:read, "
        "automation:workflows:write, automation:workflows:run, automation:workflows:admin; ALLOW "
        "extensions:definitions:read, extensions:definitions:write; ALLOW hub:catalog:read; ALLOW "
        "environment:roles:viewer, environment:roles:manage-settings;",
    ),
    (
        "DYNATRACE_ACCESS",
        "Pro User",
        "d07b0c23-a859-45ef-ab33-757dd879f03e",
        "ALLOW settings:objects:read, settings:schemas:read; ALLOW app-engine:apps:run; ALLOW "
        "document:documents:read, document:documents:write, document:documents:delete; ALLOW "
        "automation:workflows:read, automation:workflows:write, automation:workflows:run; ALLOW hub:catalog:read; "
        "ALLOW environment:roles:viewer;",
    ),
    (
        "DYNATRACE_ACCESS",
        "Standard User",
        "76d228f1-ec0a-4a65-8dc0-f4bbfdd66b6b",
        "ALLOW app-engine:apps:run; ALLOW document:documents:read, document:documents:write, "
        "document:documents:delete; ALLOW hub:catalog:read; ALLOW environment:roles:viewer;",
    ),
    (
        "DATA_ACCESS",
        "All Grail data read access",
        "cb7a16c5-d6a8-442e-9509-9fd596c6d9c6",
        "ALLOW storage:buckets:read, storage:logs:read, storage:metrics:read, storage:spans:read, "
        "storage:entities:read, storage:events:read, storage:bizevents:read, storage:security.events:read, "
        "storage:system:read, storage:smartscape:read, storage:user.events:read, storage:user.sessions:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Logs",
        "7f8475de-1afd-4f3a-b5b3-7994b363eff4",
        "ALLOW storage:buckets:read, storage:logs:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Metrics",
        "5d4c420b-131e-48ee-9526-beef01787968",
        "ALLOW storage:buckets:read, storage:metrics:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Spans",
        "870b84b5-5600-4c65-ab2d-8f396e63a64c",
        "ALLOW storage:buckets:read, storage:spans:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Entities",
        "8f8de0e5-66f3-4656-b8e1-d2c03fc28721",
        "ALLOW storage:entities:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Events",
        "dca03294-6852-4c9e-9d1b-70dd3f42fa5c",
        "ALLOW storage:buckets:read, storage:events:read;",
    ),
    (
        "DATA_ACCESS",
        "Read BizEvents",
        "d30d2c06-f148-45d6-82dc-dc76044868dc",
        "ALLOW storage:buckets:read, storage:bizevents:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Security Events",
        "d5219bca-41fb-4587-af1f-2df0ad148037",
        "ALLOW storage:buckets:read, storage:security.events:read;",
    ),
    (
        "DATA_ACCESS",
        "Read System Events",
        "c9fbe9a4-178c-45ab-b7b5-06e03d9a4eff",
        "ALLOW storage:buckets:read, storage:system:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Sensitive Data",
        "bf2b930c-fedc-42c0-a5c8-8b5b99d4f4d0",
        "ALLOW storage:fieldsets:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Smartscape",
        "0f08839d-4371-4d25-be2f-827456158c6f",
        "ALLOW storage:smartscape:read;",
    ),
    (
        "DATA_ACCESS",
        "Read User Events",
        "2531f5a6-0000-4000-8000-000000000015",
        "ALLOW storage:buckets:read, storage:user.events:read;",
    ),
    (
        "DATA_ACCESS",
        "Read User Sessions",
        "cdc83ae6-0000-4000-8000-000000000016",
        "ALLOW storage:buckets:read, storage:user.sessions:read;",
    ),
    (
        "DATA_ACCESS",
        "Read User Replays",
        "accb78b7-0000-4000-8000-000000000017",
        "ALLOW storage:buckets:read, storage:user.replays:read;",
    ),
    (
        "DATA_ACCESS",
        "Read Application Snapshots",
        "fb562df6-0000-4000-8000-000000000018",
        "ALLOW storage:buckets:read, storage:application.snapshots:read;",
    ),
    (
        "DATA_ACCESS",
        "OpenPipeline Ingest",
        "d449c847-0000-4000-8000-000000000019",
        "ALLOW openpipeline:events:ingest, openpipeline:logs:ingest;",
    ),
    (
        "DATA_ACCESS",
        "Data Processing and Storage",
        "c3d5edb8-0000-4000-8000-000000000020",
        "ALLOW openpipeline:configurations:read, openpipeline:configurations:write, storage:bucket-"
        "definitions:read, storage:bucket-definitions:write;",
    ),
    (
        "LEGACY",
        "Settings Reader",
        "23c9698e-4011-4594-8be8-f61006927fd9",
        "ALLOW settings:objects:read, settings:schemas:read;",
    ),
    (
        "LEGACY",
        "Settings Writer",
        "942f7318-6141-4cd2-8cc4-496b81b7e4c4",
        "ALLOW settings:objects:read, settings:objects:write, settings:schemas:read;",
    ),
    (
        "LEGACY",
        "AppEngine - Admin",
        "a11ce000-0000-4000-8000-000000000023",
        "ALLOW app-engine:apps:install, app-engine:apps:run, app-engine:apps:delete, app-engine:edge-"
        "connects:read, app-engine:edge-connects:write;",
    ),
    (
        "LEGACY",
        "AppEngine - User",
        "a11ce000-0000-4000-8000-000000000024",
        "ALLOW app-engine:apps:run;",
    ),
    (
        "LEGACY",
        "AppEngine - Developer access",
        "a11ce000-0000-4000-8000-000000000025",
        "ALLOW app-engine:apps:install, app-engine:apps:run, app-engine:functions:run;",
    ),
    (
        "LEGACY",
        "AppEngine - Manage EdgeConnect",
        "a11ce000-0000-4000-8000-000000000026",
        "ALLOW app-engine:edge-connects:read, app-engine:edge-connects:write, app-engine:edge-connects:delete;",
    ),
    (
        "LEGACY",
        "AutomationEngine - Admin access",
        "a11ce000-0000-4000-8000-000000000027",
        "ALLOW automation:workflows:read, automation:workflows:write, automation:workflows:run, "
        "automation:workflows:admin;",
    ),
    (
        "LEGACY",
        "AutomationEngine - User access",
        "a11ce000-0000-4000-8000-000000000028",
        "ALLOW automation:workflows:read, automation:workflows:write, automation:workflows:run;",
    ),
    (
        "LEGACY",
        "Environment role - Access environment",
        "9e78dc2a-35ed-4f12-b01e-07c2b3ad81f1",
        "ALLOW environment:roles:viewer;",
    ),
    (
        "LEGACY",
        "Environment role - Change monitoring settings",
        "8957b9af-0000-4000-8000-000000000030",
        "ALLOW environment:roles:manage-settings;",
    ),
    (
        "LEGACY",
        "Environment role - Download/install OneAgent",
        "d9764328-0000-4000-8000-000000000031",
        "ALLOW environment:roles:agent-install;",
    ),
    (
        "LEGACY",
        "Environment role - View logs",
        "491aaa59-0000-4000-8000-000000000032",
        "ALLOW environment:roles:logviewer;",
    ),
    (
        "LEGACY",
        "Environment role - View sensitive request data",
        "0def15e0-0000-4000-8000-000000000033",
        "ALLOW environment:roles:view-sensitive-request-data;",
    ),
    (
        "LEGACY",
        "Environment role - Configure capture of sensitive data",
        "5e4fef77-0000-4000-8000-000000000034",
        "ALLOW environment:roles:configure-request-capture-data;",
    ),
    (
        "LEGACY",
        "Environment role - Replay session data",
        "03a6bd88-0000-4000-8000-000000000035",
        "ALLOW environment:roles:replay-sessions-with-masking;",
    ),
    (
        "LEGACY",
        "Environment role - Replay session data without masking",
        "edb4a1c6-0000-4000-8000-000000000036",
        "ALLOW environment:roles:replay-sessions-without-masking;",
    ),
    (
        "LEGACY",
        "Environment role - Manage security problems",
        "49a7ef2d-0000-4000-8000-000000000037",
        "ALLOW environment:roles:manage-security-problems;",
    ),
    (
        "LEGACY",
        "Environment role - View security problems",
        "4372c093-0000-4000-8000-000000000038",
        "ALLOW environment:roles:view-security-problems;",
    ),
)

READY_MADE: dict[str, Policy] = {
    uuid: Policy(uuid, GLOBAL, name, "", statement, category=category) for category, name, uuid, statement in TABLE
}
