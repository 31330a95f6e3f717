# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: environments
short_description: Environments of a Dynatrace account as hosts
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Makes a host of each environment of an account, so that a play can do something for each of them, at once, in slices,
    or for those that C(--limit) names.
  - A refresh takes two requests and one for a token. With O(cache) there are none until it ends.
  - The inventory is a file that ends in C(dynatrace.yml), C(dynatrace.yaml), C(environments.yml) or C(environments.yaml).
  - The options of the connection may be templates, for example a lookup of a secret.
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
  - identityops.dynatrace.account
  - identityops.dynatrace.account.variables
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [identityops.dynatrace.environments]
  hostname:
    description:
      - What hosts are named by. In a name, whatever isn't a letter, a digit, C(.), C(-) or C(_) becomes C(_).
      - The id stands in for a name that two environments share, that is somebody's id, or that a host or a group of an
        inventory read before has already.
    type: str
    choices: [id, name]
    default: id
  include:
    description: Ids or names (with C(*) and C(?) as wildcards) of the environments to take. By default all.
    type: list
    elements: str
    default: []
  exclude:
    description: Ids or names (with C(*) and C(?) as wildcards) of environments to leave out.
    type: list
    elements: str
    default: []
notes:
  - Each host has the variables C(dynatrace_environment), with C(id), C(name), C(active), C(url) and C(management_zones),
    and C(dynatrace_account_uuid). It is in the group C(dynatrace_active) or C(dynatrace_inactive), and in
    C(dynatrace_account_) with the account's UUID, in which C(_) stands for C(-).
  - Its tasks run on the controller, with the Python that runs Ansible (C(ansible_connection) and
    C(ansible_python_interpreter)).
  - Names come from the account and are data. One that looks like a template stays the text that it is.
  - Those tasks have a connection of their own, as a rule from the C(DYNATRACE_*) variables. What this file says of the
    connection is for the inventory alone, and no host gets a secret.
  - O(api_contract) makes no difference here.
  - When an inventory can't be read, Ansible warns and goes on without its hosts. Set
    C(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true) to end there.
seealso:
  - module: identityops.dynatrace.dynatrace_environment_info
"""

EXAMPLES = r"""
# shop.dynatrace.yml: environments in use but for sandboxes, by name, in groups, read once an hour. The first line is
# enough for all environments, with the connection as environment variables (DYNATRACE_ACCOUNT_UUID, ...).
plugin: identityops.dynatrace.environments
account_uuid: 7d2f9a10-3c4b-4e5f-8a6b-1c2d3e4f5a6b
client_id: dt0s02.SHOP0001
client_secret: "{{ lookup('ansible.builtin.env', 'DYNATRACE_CLIENT_SECRET') }}"
hostname: name
exclude: ["Sandbox*"]
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.ansible/dynatrace-inventory
cache_timeout: 3600
compose:
  dynatrace_zones: dynatrace_environment.management_zones | map(attribute='name')
groups:
  production: dynatrace_environment.name is search('prod', ignorecase=true)
keyed_groups:
  - key: dynatrace_environment.url | urlsplit('hostname')
    prefix: at
"""

import re
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.http import HAS_REQUESTS
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CollectionError
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.inquiry import read_environments
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.inventory import chosen, host_names, unmatched
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.shapes import environment_shape
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.connection import open_account
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import CONNECTION

try:
    from ansible.template import trust_as_template
except ImportError:
    # before ansible-core 2.19 every text is a template unless it is marked as none
    ALL_ARE_TEMPLATES = True
else:
    ALL_ARE_TEMPLATES = False

ENDINGS = tuple(f"{name}.{ending}" for name in ("dynatrace", "environments") for ending in ("yml", "yaml"))
INTERPRETER = "{{ ansible_playbook_python }}"
SECRETS = {name for name, spec in CONNECTION.items() if spec.get("no_log")}
EXPRESSIONS = ("compose", "groups", "keyed_groups")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Reads an account's environments on the controller."""

    NAME = "identityops.dynatrace.environments"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(ENDINGS)

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: dict[str, Any] | None = None) -> None:
        """What the file says may be templates, but for what is made of expressions anyway."""
        if direct:
            if unknown := sorted(direct.keys() - self.option_definitions.keys()):
                raise AnsibleParserError(f"There is no option {', '.join(unknown)}.")
            self.templar.available_variables = self._vars or {}
            direct = {name: self._value(name, given) for name, given in direct.items()}
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)

    def _value(self, name: str, given: Any) -> Any:
        if name in EXPRESSIONS:
            return given
        if name not in SECRETS:
            return self.templar.template(given)
        try:
            value = self.templar.template(given)
        except AnsibleError as error:
            # Ansible would show the text, or the line of the file
            raise AnsibleParserError(f"{name}: {str(error).replace(str(given), '...')}") from None
        if isinstance(value, (dict, list)):
            raise AnsibleParserError(f"{name} should be text.")
        return value

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the hosts; raises AnsibleParserError."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        if not HAS_REQUESTS:
            raise AnsibleParserError(f"{self.NAME} needs the Python library requests where Ansible runs.")
        try:
            with open_account(self._connection(), self.display.warning, read_only=True) as account:
                environments = self._environments(account, path, cache)
        except CollectionError as error:
            raise AnsibleParserError(str(error)) from error
        self._add(environments, account.uuid)

    def _connection(self) -> dict[str, Any]:
        """An empty text, as of a variable that nobody has filled in, says nothing."""
        given = {name: self.get_option(name) for name in CONNECTION}
        # environments are read alike in both contracts: nobody has to ask which one answers
        given["api_contract"] = "published"
        return {name: CONNECTION[name].get("default") if value == "" else value for name, value in given.items()}

    def _environments(self, account: Account, path: str, cache: bool) -> list[dict[str, Any]]:
        """From the cache, or else from the account; all of them, so that a change of the file takes effect at once."""
        caching = self.get_option("cache")
        # Ansible keeps only a few digits of a key's sum, too few to tell many accounts apart
        key = self.get_cache_key(f"{path} {self.get_option('api_url')}") + f"_{account.uuid}"
        if caching and cache and key in self._cache:
            found: list[dict[str, Any]] = self._cache[key]
            return found
        found = [environment_shape(each) for each in read_environments(account, None)]
        if caching:
            self._cache[key] = found
        return found

    def _add(self, environments: list[dict[str, Any]], account: str) -> None:
        include, exclude = self.get_option("include"), self.get_option("exclude")
        if missed := unmatched(environments, [*include, *exclude]):
            self.display.warning(f"include and exclude: no environment is called {', '.join(missed)}")
        taken = [*self.inventory.hosts, *self.inventory.groups, "localhost"]
        hosts = host_names(chosen(environments, include, exclude), self.get_option("hostname") == "name", taken)
        for host, environment in hosts.items():
            self.inventory.add_host(host)
            state = "active" if environment["active"] else "inactive"
            for group in (f"dynatrace_{state}", f"dynatrace_account_{account}"):
                self.inventory.add_child(self.inventory.add_group(self._sanitize_group_name(group)), host)
            variables = {"dynatrace_environment": as_data(environment), "dynatrace_account_uuid": account}
            for name, value in {**variables, **own_machine()}.items():
                self.inventory.set_variable(host, name, value)
            self._construct(host, variables)

    def _construct(self, host: str, variables: dict[str, Any]) -> None:
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)

    def _compose(self, template: Any, variables: Any, *more: Any, **others: Any) -> Any:
        """What is put together from names is data, too."""
        return as_data(super()._compose(template, variables, *more, **others))


def own_machine() -> dict[str, str]:
    """The variables that make modules run on the controller, with Ansible's own Python."""
    interpreter = INTERPRETER if ALL_ARE_TEMPLATES else trust_as_template(INTERPRETER)
    return {"ansible_connection": "local", "ansible_python_interpreter": interpreter}


def as_data(value: Any) -> Any:
    """The same, in which nothing is a template."""
    if not ALL_ARE_TEMPLATES:
        return value
    if isinstance(value, dict):
        return {as_data(key): as_data(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_data(each) for each in value]
    if not isinstance(value, str) or not re.search("[{}]", value):
        return value
    # of use to these releases only, and to be gone from later ones
    from ansible.utils.unsafe_proxy import wrap_var

    return wrap_var(value)
