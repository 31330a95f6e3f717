// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What follows from the data: who has what where, and why. Knows nothing of the page.

export const ACCOUNT = 0;
const SEVERITIES = ["high", "medium", "low"];

/** Whether a zone, a boundary or a condition narrows a grant. */
export function isLimited(grant) {
  return grant.conditional || grant.zones.length > 0 || grant.boundaries.length > 0;
}

function columnsOf(data) {
  const account = { label: "Account", active: true, title: "Permissions at the account itself" };
  const environments = data.environments.map(({ id, name, active }) => {
    const label = name || id;
    return { label, active: active !== false, title: `${label} (${id})${active === false ? ", inactive" : ""}` };
  });
  return [account, ...environments];
}

// A policy bound to the account counts in every environment; a permission of the account is one of its own.
function places(grant, width) {
  if (grant.environment !== null) return [grant.environment + 1];
  return grant.mechanism === "role" ? [ACCOUNT] : Array.from({ length: width - 1 }, (none, index) => index + 1);
}

function readGroup(group, index, width) {
  const cells = Array.from({ length: width }, () => []);
  for (const grant of group.grants.filter((each) => !each.denies)) {
    for (const column of places(grant, width)) cells[column].push(grant);
  }
  const words = group.grants.flatMap((grant) => [grant.what, grant.policy, ...grant.zones, ...grant.boundaries]);
  const text = [group.name, group.owner, ...new Set(words)].join("\n").toLowerCase();
  return { ...group, type: "group", index, cells, text, members: [], findings: [] };
}

function cellOf(groups, column) {
  const grants = groups.flatMap((group) => group.cells[column]);
  const open = grants.filter((grant) => !isLimited(grant)).length;
  return { count: grants.length, level: grants.length === 0 ? "none" : open ? "full" : "limited" };
}

function readPerson(person, index, groups, width) {
  const own = person.groups.map((number) => groups[number]);
  const cells = Array.from({ length: width }, (none, column) => cellOf(own, column));
  const read = {
    ...person, type: "person", index, groups: own, cells, findings: [],
    label: person.name || person.email,
    text: `${person.name || ""}\n${person.email}`.toLowerCase(),
    reach: cells.slice(1).filter((cell) => cell.count > 0).length,
  };
  for (const group of own) group.members.push(read);
  return read;
}

// A name that two bear says nothing about either.
function unambiguous(pairs) {
  const found = new Map();
  for (const [name, target] of pairs) found.set(name, found.has(name) && found.get(name) !== target ? null : target);
  return found;
}

function subjectFinder(people, groups) {
  const persons = unambiguous(people.flatMap((person) => [[person.email, person], [person.label, person]]));
  const named = unambiguous(groups.map((group) => [group.name, group]));
  const known = { group: named, user: persons, service_user: persons, person: persons };
  return ({ kind, name }) => known[kind]?.get(name) ?? null;
}

function readFinding(finding, find) {
  const subjects = finding.subjects.map((subject) => ({ ...subject, target: find(subject) }));
  const read = { ...finding, subjects };
  for (const { target } of subjects) target?.findings.push(read);
  return read;
}

/** Everything the page shows, from the data that the role wrote. */
export function readModel(data) {
  const columns = columnsOf(data);
  const groups = data.groups.map((group, index) => readGroup(group, index, columns.length));
  const people = data.people.map((person, index) => readPerson(person, index, groups, columns.length));
  const find = subjectFinder(people, groups);
  const findings = data.findings
    .map((finding) => readFinding(finding, find))
    .sort((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
  const now = Date.parse(data.read_at);
  const { account, read_at: readAt, version, dormant_days: dormantDays } = data;
  return { account, readAt, version, now, dormantDays, columns, groups, people, findings };
}

/** The grants that fill one cell, each with the group that brings it. */
export function reasons(person, column) {
  return person.groups.flatMap((group) => group.cells[column].map((grant) => ({ group, grant })));
}

/** Whether a user has not signed in lately; who logs in by single sign-on may never be counted, which is no silence. */
export function isStale(model, person) {
  if (person.kind !== "user" || !person.last_login) return false;
  return model.now - Date.parse(person.last_login) > model.dormantDays * 86400000;
}

export function hasAccess(person) {
  return person.cells.some((cell) => cell.count > 0);
}
