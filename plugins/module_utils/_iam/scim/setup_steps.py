# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left to do by hand so that an identity provider provisions an account."""

from __future__ import annotations

NAMES = {"okta": "Okta", "entra": "Microsoft Entra ID"}
_CONSOLE = "Account Management > Identity & access management"
_BEFORE = (
    f"In {_CONSOLE}: have the e-mail domain of your people verified, by SAML single sign-on or by a DNS record. SCIM"
    " refuses people of other domains.",
    f"In {_CONSOLE} > SCIM configuration: make a token for {{name}} alone and note it, it is shown once. At an"
    " environment's address a new token ends the one before at once, which stops {name} until it has the new one.",
)
_OKTA = (
    "In Okta: add the Dynatrace app from the Okta Integration Network, and enable SCIM provisioning in it.",
    "Under Provisioning > Integration: base URL {url}, unique identifier field userName, authentication by HTTP header"
    " with the token as bearer token. Test the connection.",
    "Under Provisioning > To App: enable Create Users, Update User Attributes and Deactivate Users.",
    "Map attributes: userName from the e-mail of the verified domain, givenName from user.firstName, familyName from"
    " user.lastName. Okta sends active by itself. Unmap the rest.",
    "Enable Import Users if people are in the account already, so that Okta matches them instead of creating them.",
    "Assign people, and under Push Groups the groups. Members of pushed groups must be assigned, too.",
)
_ENTRA = (
    "In Entra: add an enterprise application for Dynatrace, and under Provisioning choose automatic.",
    "Under Admin Credentials: tenant URL {url}, and the token as secret token. Test the connection.",
    "Map attributes of users: userName from userPrincipalName (or mail, where that has the verified domain; it is what"
    " people are matched by), name.givenName from givenName, name.familyName from surname, active from"
    ' Switch([IsSoftDeleted], , "False", "True", "True", "False"). Delete the rest.',
    "Map attributes of groups: displayName from displayName, members from members.",
    "Under Settings: scope to assigned users and groups only, then assign them.",
    "Try one person with Provision on demand, look at dynatrace_scim_info, then start provisioning.",
)
_AFTER = (
    "Give groups that {name} pushes their permissions and policies here, in Dynatrace: SCIM knows nothing of them.",
    "Take people whom {name} provisions, and members of groups that it pushes, out of the lists of your playbooks:"
    " where both write, the last one wins.",
)
_STEPS = {"okta": _OKTA, "entra": _ENTRA}


def steps(idp: str, url: str) -> list[str]:
    """In the order in which to do them."""
    return [text.format(name=NAMES[idp], url=url) for text in (*_BEFORE, *_STEPS[idp], *_AFTER)]
