// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The matrix of people and environments. Only the rows in sight are in the document, so that thousands stay fluent.

import { button, byId, count, day, h } from "./dom.js";

const ROW = 44;
const SPARE = 4;
const LEVELS = {
  none: { sign: "", words: "no access" },
  limited: { sign: "\u25D0", words: "limited" },
  full: { sign: "\u25CF", words: "unlimited" },
};
const KEYS = {
  ArrowUp: (at) => [at.row - 1, at.column],
  ArrowDown: (at) => [at.row + 1, at.column],
  ArrowLeft: (at) => [at.row, at.column - 1],
  ArrowRight: (at) => [at.row, at.column + 1],
  PageUp: (at) => [Math.max(at.row - 10, 0), at.column],
  PageDown: (at) => [at.row + 10, at.column],
  Home: (at, event) => [event.ctrlKey ? 0 : at.row, 0],
  End: (at, event, last) => [event.ctrlKey ? last.row : at.row, last.column],
};

/** Draws people into the grid, and calls open(person, column) or sort(key) when a cell is chosen. */
export class Matrix {
  constructor(model, { open, sort }) {
    this.model = model;
    this.choose = { open, sort };
    this.people = [];
    this.at = { row: 0, column: 0 };
    this.first = -1;
    this.box = byId("matrix-box");
    this.grid = byId("matrix");
    this.head = this.grid.tHead;
    this.body = this.grid.tBodies[0];
    this.columns = ["name", ...model.columns.keys(), "login"];
    this.grid.setAttribute("aria-colcount", this.columns.length);
    this.box.classList.toggle("many", model.columns.length > 8);
    this.listen();
  }

  listen() {
    this.box.addEventListener("scroll", () => this.draw(), { passive: true });
    window.addEventListener("resize", () => this.draw());
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.grid.addEventListener("click", (event) => this.click(event.target.closest("[data-row]")));
    this.grid.addEventListener("focusin", (event) => this.enter(event.target.closest("[data-row]")));
  }

  /** Shows these people from the top. */
  show(people, view) {
    this.people = people;
    this.at = { row: Math.min(this.at.row, 0), column: this.at.column };
    this.box.scrollTop = 0;
    this.grid.setAttribute("aria-rowcount", people.length + 1);
    this.head.replaceChildren(this.heading(view));
    this.draw(true);
  }

  heading(view) {
    const cells = this.columns.map((key, column) => {
      const sorted = String(key) === view.sort;
      const direction = view.descending ? "descending" : "ascending";
      const place = { role: "columnheader", scope: "col", "aria-colindex": column + 1, "aria-sort": sorted ? direction : "none" };
      const { label, title, active } = this.headingOf(key);
      const kind = typeof key === "number" ? "place" : key;
      return h("th", { ...place, title, class: active ? kind : `${kind} inactive`, ...this.position(-1, column) },
        h("span", {}, label), h("i", { "aria-hidden": "true" }, sorted ? (view.descending ? "\u25BC" : "\u25B2") : ""));
    });
    return h("tr", { role: "row", "aria-rowindex": 1 }, cells);
  }

  headingOf(key) {
    if (key === "name") return { label: "Person", title: "Sort by name", active: true };
    if (key === "login") return { label: "Last sign-in", title: "Sort by last sign-in", active: true };
    return this.model.columns[key];
  }

  position(row, column) {
    const current = row === this.at.row && column === this.at.column;
    return { "data-row": row, "data-column": column, tabindex: current ? 0 : -1 };
  }

  /** Puts the rows in sight into the document, unless they are there. */
  draw(anew = false) {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW / SPARE) * SPARE - SPARE);
    const last = Math.min(this.people.length, first + Math.ceil(this.box.clientHeight / ROW) + 3 * SPARE);
    if (!anew && first === this.first && last === this.last) return;
    const focused = this.body.contains(document.activeElement);
    Object.assign(this, { first, last });
    this.keepReachable();
    const rows = this.people.slice(first, last).map((person, index) => this.row(person, first + index));
    this.body.replaceChildren(this.gap(first), ...rows, this.gap(this.people.length - last));
    if (focused) this.cell()?.focus({ preventScroll: true });
  }

  // The one cell that Tab reaches has to be in the document.
  keepReachable() {
    if (this.at.row >= 0) this.at.row = Math.min(Math.max(this.at.row, this.first), this.last - 1);
    this.head.querySelectorAll("[tabindex]").forEach((cell) => { cell.tabIndex = -1; });
    if (this.at.row < 0) this.cell().tabIndex = 0;
  }

  gap(rows) {
    const gap = h("tr", { "aria-hidden": "true", class: "gap" });
    gap.style.height = `${rows * ROW}px`;
    return gap;
  }

  row(person, row) {
    const cells = person.cells.map((cell, index) => this.accessCell(person, cell, row, index));
    return h("tr", { role: "row", "aria-rowindex": row + 2, class: person.findings.length ? "marked" : null },
      this.nameCell(person, row), cells, this.loginCell(person, row));
  }

  nameCell(person, row) {
    const mark = person.findings.length > 0 && h("span", { class: "flag", title: count(person.findings.length, "finding") }, "!");
    const second = [person.name && person.email, person.kind === "service_user" && "service user", person.status]
      .filter((part) => part && part !== "ACTIVE").join(" \u00B7 ");
    return h("th", { role: "rowheader", scope: "row", class: "name", "aria-colindex": 1, ...this.position(row, 0) },
      h("strong", {}, person.label), mark, h("small", {}, second));
  }

  accessCell(person, cell, row, index) {
    const place = this.model.columns[index];
    const { sign, words } = LEVELS[cell.level];
    const said = cell.count ? `${count(cell.count, "grant")}, ${words}` : words;
    return h("td", {
      role: "gridcell", class: `place ${cell.level}`, "aria-colindex": index + 2,
      "aria-label": `${person.label}, ${place.label}: ${said}`, ...this.position(row, index + 1),
    }, cell.count ? h("span", {}, `${sign} ${cell.count}`) : "\u00B7");
  }

  loginCell(person, row) {
    const column = this.columns.length - 1;
    return h("td", { role: "gridcell", class: "login", "aria-colindex": column + 1, ...this.position(row, column) },
      day(person.last_login));
  }

  cell() {
    return this.grid.querySelector(`[data-row="${this.at.row}"][data-column="${this.at.column}"]`);
  }

  enter(cell) {
    if (!cell) return;
    this.grid.querySelectorAll('[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    cell.tabIndex = 0;
    this.at = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
  }

  key(event) {
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.click(event.target.closest("[data-row]"));
    } else if (KEYS[event.key]) {
      event.preventDefault();
      const last = { row: this.people.length - 1, column: this.columns.length - 1 };
      this.go(...KEYS[event.key](this.at, event, last));
    }
  }

  /** Moves the focus, and the rows with it. Row -1 is the heading. */
  go(row, column) {
    const to = {
      row: Math.min(Math.max(row, -1), this.people.length - 1),
      column: Math.min(Math.max(column, 0), this.columns.length - 1),
    };
    if (to.row >= 0) this.bringIntoSight(to.row);
    this.at = to;
    const cell = this.cell();
    this.enter(cell);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  bringIntoSight(row) {
    const room = this.box.clientHeight - this.head.offsetHeight - ROW;
    const top = row * ROW;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    if (top > this.box.scrollTop + room) this.box.scrollTop = top - room;
    this.draw();
  }

  click(cell) {
    if (!cell) return;
    const [row, column] = [Number(cell.dataset.row), Number(cell.dataset.column)];
    if (row < 0) this.choose.sort(String(this.columns[column]));
    else this.choose.open(this.people[row], typeof this.columns[column] === "number" ? this.columns[column] : null);
  }
}

/** The explanation of the signs. */
export function legend() {
  const entry = (level, text) => h("span", { class: "entry" }, h("b", { class: level }, LEVELS[level].sign || "\u00B7"), text);
  return [
    entry("full", "at least one grant without limits"),
    entry("limited", "only within zones, boundaries or conditions"),
    entry("none", "no access"),
    h("span", { class: "entry" }, h("b", { class: "flag" }, "!"), "named in a finding"),
  ];
}

/** The controls above the matrix; change(part) is called with what changed in the view. */
export function toolbar(model, only, change) {
  const options = (entries) => entries.map(([value, label]) => h("option", { value }, label));
  const choice = (name, label, entries) => h("label", {}, label,
    h("select", { name, on: { change: (event) => change({ [name]: event.target.value }) } }, options(entries)));
  const statuses = [...new Set(model.people.map((person) => person.status))].sort();
  return [
    h("label", { class: "search" }, "Search people",
      h("input", {
        type: "search", name: "query", placeholder: "Name, mail, group, permission, zone", autocomplete: "off", spellcheck: "false",
        on: { input: (event) => change({ query: event.target.value }) },
      })),
    choice("kind", "Kind", [["", "all"], ["user", "users"], ["service_user", "service users"]]),
    choice("status", "Status", [["", "all"], ...statuses.map((status) => [status, status])]),
    choice("column", "Access to", [["", "anything"], ...model.columns.map(({ label }, index) => [index, label])]),
    choice("only", "Only", [["", "everyone"], ...Object.entries(only).map(([name, { label }]) => [name, label])]),
    button("Reset", () => change(null), { class: "quiet" }),
  ];
}
