// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The picture of a person's or a group's access: who, groups, what, where, from the left to the right.

import { count, svg } from "./dom.js";
import { ACCOUNT, isLimited } from "./model.js";

const SIZE = { width: 216, height: 40, gap: 68, space: 10, margin: 12, place: 30 };
const MOST_MEMBERS = 12;
const MOST_GRANTS = 30;
const LETTERS = { label: 27, hint: 36 };

function cut(text, length) {
  const letters = [...text];
  return letters.length > length ? `${letters.slice(0, length - 1).join("")}\u2026` : text;
}

class Graph {
  constructor() {
    this.nodes = new Map();
    this.edges = new Map();
  }

  node(layer, key, label, more = {}) {
    const id = `${layer}/${key}`;
    if (!this.nodes.has(id)) this.nodes.set(id, { id, layer, label, hint: "", ...more });
    return this.nodes.get(id);
  }

  edge(from, to, limited = false) {
    const id = `${from.id}>${to.id}`;
    const known = this.edges.get(id);
    this.edges.set(id, { from, to, limited: limited && (known?.limited ?? true) });
  }
}

function limits(grant) {
  return [...grant.zones, ...grant.boundaries, ...(grant.conditional ? ["conditions"] : [])];
}

function placeNode(graph, model, grant) {
  if (grant.environment !== null) {
    return graph.node(3, grant.environment + 1, model.columns[grant.environment + 1].label, { order: grant.environment });
  }
  if (grant.mechanism === "role") return graph.node(3, "account", model.columns[ACCOUNT].label, { order: -2 });
  return graph.node(3, "all", "All environments", { order: -1 });
}

function grantNode(graph, group, grant) {
  const what = grant.policy && grant.policy !== grant.what ? `${grant.what} (${grant.policy})` : grant.what;
  const hint = [grant.mechanism, ...limits(grant)].join(" \u00B7 ");
  return graph.node(2, `${group.index}/${what}/${hint}`, what, { hint, kind: "grant" });
}

// Stands for all that a group gives, where one node for each would be too much to see.
function bundleNode(graph, group, grants) {
  const names = [...new Set(grants.map((grant) => grant.what))];
  return graph.node(2, `${group.index}`, count(names.length, "permission"), { hint: names.join(", "), kind: "grant" });
}

function addGrants(graph, model, group, from, grants, bundled = false) {
  for (const grant of grants) {
    const node = bundled ? bundleNode(graph, group, grants) : grantNode(graph, group, grant);
    graph.edge(from, node, isLimited(grant));
    graph.edge(node, placeNode(graph, model, grant), isLimited(grant));
  }
}

function groupNode(graph, group) {
  return graph.node(1, group.index, group.name, { hint: group.owner, target: group, kind: "group" });
}

/** Whether a person has more grants than a picture can show one by one. */
export function isCrowded(person) {
  return person.groups.reduce((sum, group) => sum + new Set(group.grants.map((grant) => grant.what)).size, 0) > MOST_GRANTS;
}

/** A person's access, all of it or what counts in one column; bundled: one node for all that a group gives. */
export function graphOfPerson(model, person, { column = null, bundled = false } = {}) {
  const graph = new Graph();
  const self = graph.node(0, "self", person.label, { hint: person.name ? person.email : "", kind: "person" });
  for (const group of person.groups) {
    const grants = column === null ? group.grants : group.cells[column];
    if (column !== null && grants.length === 0) continue;
    const node = groupNode(graph, group);
    graph.edge(self, node);
    addGrants(graph, model, group, node, grants, bundled);
  }
  return graph;
}

/** A group's members and what it gives them. */
export function graphOfGroup(model, group) {
  const graph = new Graph();
  const node = groupNode(graph, group);
  for (const person of group.members.slice(0, MOST_MEMBERS)) {
    graph.edge(graph.node(0, person.index, person.label, { target: person, kind: "person" }), node);
  }
  const rest = group.members.length - MOST_MEMBERS;
  if (rest > 0) graph.edge(graph.node(0, "rest", `and ${count(rest, "more", "more")}`), node);
  addGrants(graph, model, group, node, group.grants);
  return graph;
}

function heightOf(node) {
  return node.layer === 3 ? SIZE.place : SIZE.height;
}

function roomFor(nodes) {
  return nodes.reduce((sum, node) => sum + heightOf(node) + SIZE.space, 0);
}

// Few nodes spread over the height, so that their edges stay short.
function spread(nodes, height) {
  const free = (height - roomFor(nodes)) / Math.max(nodes.length, 1);
  let y = free / 2;
  for (const node of nodes) {
    node.y = y;
    y += heightOf(node) + SIZE.space + free;
  }
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1);
}

// Groups stand in the middle of what they give, one below the other.
function centre(nodes, edges) {
  let lowest = 0;
  for (const node of nodes) {
    const given = edges.filter((edge) => edge.from === node).map((edge) => edge.to.y);
    node.y = Math.max(given.length ? mean(given) : lowest, lowest);
    lowest = node.y + SIZE.height + SIZE.space;
  }
}

function arrange(graph) {
  const layers = [0, 1, 2, 3].map((layer) => [...graph.nodes.values()].filter((node) => node.layer === layer));
  layers[3].sort((one, other) => one.order - other.order);
  const height = Math.max(...layers.map(roomFor));
  for (const layer of layers) spread(layer, height);
  if (layers[2].length) centre(layers[1], [...graph.edges.values()]);
  layers.forEach((layer, index) => layer.forEach((node) => { node.x = index * (SIZE.width + SIZE.gap); }));
  return Math.max(...[...graph.nodes.values()].map((node) => node.y + heightOf(node) + SIZE.space));
}

function drawEdge({ from, to, limited }) {
  const [x1, y1, x2, y2] = [from.x + SIZE.width, from.y + heightOf(from) / 2, to.x, to.y + heightOf(to) / 2];
  const middle = (x1 + x2) / 2;
  return svg("path", { class: limited ? "edge limited" : "edge", d: `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}` });
}

// An SVG within the SVG cuts off what is too wide.
function drawText(node) {
  const middle = heightOf(node) / 2 + 5;
  return svg("svg", { width: SIZE.width - 8, height: heightOf(node) },
    svg("text", { x: 12, y: node.hint ? 17 : middle, class: "label" }, cut(node.label, LETTERS.label)),
    node.hint ? svg("text", { x: 12, y: 32, class: "hint" }, cut(node.hint, LETTERS.hint)) : null);
}

function drawNode(node, open) {
  const follow = () => open(node.target);
  const active = node.target && {
    role: "button", tabindex: 0, "aria-label": `Show ${node.label}`,
    on: { click: follow, keydown: (event) => { if (event.key === "Enter") follow(); } },
  };
  const look = `node ${node.kind ?? "place"}${active ? " active" : ""}`;
  return svg("g", { class: look, transform: `translate(${node.x},${node.y})`, ...active },
    svg("title", {}, [node.label, node.hint].filter(Boolean).join("\n")),
    svg("rect", { width: SIZE.width, height: heightOf(node), rx: 8 }),
    drawText(node));
}

function reach(start, edges, from, to) {
  const found = new Set([start]);
  for (const node of found) {
    for (const edge of edges) if (edge[from] === node) found.add(edge[to]);
  }
  return found;
}

// Who points at a node sees the ways that lead through it; everything else steps back.
function highlight(picture, nodes, edges) {
  const mark = (node) => {
    const [before, after] = [reach(node, edges, "to", "from"), reach(node, edges, "from", "to")];
    const on = (other) => before.has(other) || after.has(other);
    nodes.forEach(({ node: other, element }) => element.classList.toggle("dim", node !== null && !on(other)));
    edges.forEach((edge) => {
      const way = (before.has(edge.from) && before.has(edge.to)) || (after.has(edge.from) && after.has(edge.to));
      edge.element.classList.toggle("dim", node !== null && !way);
    });
  };
  for (const { node, element } of nodes) {
    for (const event of ["pointerenter", "focus"]) element.addEventListener(event, () => mark(node));
    for (const event of ["pointerleave", "blur"]) element.addEventListener(event, () => mark(null));
  }
}

/** The picture; open(person or group) is called when one is chosen in it. */
export function drawGraph(graph, label, open) {
  const height = arrange(graph);
  const nodes = [...graph.nodes.values()].map((node) => ({ node, element: drawNode(node, open) }));
  const edges = [...graph.edges.values()].map((edge) => ({ ...edge, element: drawEdge(edge) }));
  const width = 4 * SIZE.width + 3 * SIZE.gap;
  const box = [-SIZE.margin, -SIZE.margin, width + 2 * SIZE.margin, height + SIZE.margin].join(" ");
  const picture = svg("svg", { class: "graph", role: "group", "aria-label": label, viewBox: box },
    edges.map((edge) => edge.element), nodes.map(({ element }) => element));
  highlight(picture, nodes, edges);
  return picture;
}
