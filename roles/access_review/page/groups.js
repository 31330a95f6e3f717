// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The groups, as a list that can be searched and sorted.

import { button, byId, count, h } from "./dom.js";
import { words } from "./view.js";

const KEYS = {
  Group: (group) => group.name.toLowerCase(),
  "Managed by": (group) => group.owner,
  Members: (group) => group.members.length,
  Grants: (group) => group.grants.length,
};

function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

/** Draws the list; open(group) is called when one is chosen. */
export class Groups {
  constructor(model, open) {
    this.model = model;
    this.open = open;
    this.query = "";
    this.sort = { key: "Group", descending: false };
    byId("group-query").addEventListener("input", (event) => { this.query = event.target.value; this.draw(); });
    this.draw();
  }

  shown() {
    const wanted = words(this.query);
    const key = KEYS[this.sort.key];
    const sign = this.sort.descending ? -1 : 1;
    return this.model.groups
      .filter((group) => wanted.every((word) => group.text.includes(word)))
      .sort((one, other) => sign * compare(key(one), key(other)));
  }

  sortBy(key) {
    this.sort = { key, descending: this.sort.key === key && !this.sort.descending };
    this.draw();
    byId("groups-table").querySelector(`[data-key="${key}"]`).focus();
  }

  heading(key) {
    const { key: current, descending } = this.sort;
    const sorted = key === current;
    const sign = h("i", { "aria-hidden": "true" }, descending ? " \u25BC" : " \u25B2");
    return h("th", { scope: "col", "aria-sort": sorted ? (descending ? "descending" : "ascending") : "none" },
      button(sorted ? [key, sign] : key, () => this.sortBy(key), { "data-key": key }));
  }

  row(group) {
    return h("tr", {},
      h("th", { scope: "row" }, button(group.name, () => this.open(group), { class: "chip" }), h("small", {}, group.description)),
      h("td", {}, group.owner), h("td", { class: "number" }, String(group.members.length)), h("td", { class: "number" }, String(group.grants.length)));
  }

  draw() {
    const shown = this.shown();
    const table = byId("groups-table");
    table.tHead.replaceChildren(h("tr", {}, Object.keys(KEYS).map((key) => this.heading(key))));
    table.tBodies[0].replaceChildren(...shown.map((group) => this.row(group)));
    byId("group-count").textContent = `${shown.length.toLocaleString("en")} of ${count(this.model.groups.length, "group")}`;
  }
}
