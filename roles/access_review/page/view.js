// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Which people are shown, and in which order.

import { hasAccess, isStale } from "./model.js";

export const EVERYONE = { query: "", kind: "", status: "", column: "", only: "", group: null, sort: "name", descending: false };

/** What the filter "Only" offers. */
export const ONLY = {
  findings: { label: "named in a finding", holds: (person) => person.findings.length > 0 },
  nothing: { label: "without any access", holds: (person) => !hasAccess(person) },
  stale: { label: "not seen lately", holds: (person, model) => isStale(model, person) },
  tokens: { label: "holding tokens", holds: (person) => person.tokens > 0 },
  open: { label: "unlimited somewhere", holds: (person) => person.cells.some((cell) => cell.level === "full") },
};

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** The words of a query; "two words" in quotes are one. */
export function words(query) {
  return [...query.toLowerCase().matchAll(/"([^"]+)"?|(\S+)/g)].map((match) => match[1] ?? match[2]);
}

function search(model, query) {
  const wanted = words(query).map((word) => ({
    word,
    groups: new Set(model.groups.filter((group) => group.text.includes(word))),
  }));
  const matches = (person, { word, groups }) =>
    person.text.includes(word) || person.groups.some((group) => groups.has(group));
  return (person) => wanted.every((one) => matches(person, one));
}

const KEYS = {
  name: (person) => person.label,
  login: (person) => person.last_login ?? "",
  reach: (person) => person.reach,
};

function keyOf(sort) {
  return KEYS[sort] ?? ((person) => person.cells[Number(sort)].count);
}

function ordering(view) {
  const key = keyOf(view.sort);
  const sign = view.descending ? -1 : 1;
  return (one, other) => {
    const [a, b] = [key(one), key(other)];
    const order = typeof a === "number" ? a - b : collator.compare(a, b);
    return sign * order || collator.compare(one.label, other.label);
  };
}

/** The people that a view shows, in its order. */
export function select(model, view) {
  const found = search(model, view.query);
  const shown = model.people.filter((person) =>
    (!view.kind || person.kind === view.kind) &&
    (!view.status || person.status === view.status) &&
    (view.column === "" || person.cells[Number(view.column)].count > 0) &&
    (view.group === null || person.groups.includes(model.groups[view.group])) &&
    (!view.only || ONLY[view.only].holds(person, model)) &&
    found(person));
  return shown.sort(ordering(view));
}

/** A view in words, for the print. */
export function describe(model, view) {
  return [
    view.query && `matching '${view.query}'`,
    view.kind && `of kind ${view.kind}`,
    view.status && `with status ${view.status}`,
    view.column !== "" && `with access to ${model.columns[Number(view.column)].label}`,
    view.only && ONLY[view.only].label,
    view.group !== null && `in the group ${model.groups[view.group].name}`,
  ].filter(Boolean).join(", ");
}
