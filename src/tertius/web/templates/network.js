// The network of /answers, drawn by Cytoscape from the page's own JSON twin. Without this the still picture stays.
"use strict";

(async () => {
  const place = document.querySelector(".network");
  if (!place || typeof cytoscape !== "function") return;
  const answer = await fetch(place.dataset.rows, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const told = await answer.json();

  // Cytoscape would write a style sheet into the page, which the page's policy forbids; app.css has the one rule of it.
  const mark = document.createElement("meta");
  mark.id = "__________cytoscape_stylesheet";
  document.head.append(mark);

  const look = getComputedStyle(document.body);
  const colour = (name) => look.getPropertyValue(name).trim();
  const most = Math.max(...told.rows.map((row) => row.acts));
  const elements = [
    ...told.nodes.map((node) => ({ data: { id: node.id, name: node.name, chosen: node.chosen ? 1 : 0 } })),
    ...told.rows.map((row, number) => ({
      data: {
        id: "arrow" + number, source: row.source, target: row.target, href: row.href,
        width: 1 + 6 * Math.sqrt(row.acts / most),
        colour: colour(2 * row.hostile > row.acts ? "--q4" : "--q2"),
        line: row.own ? "solid" : "dotted",
        words: `${row.acts}`,
      },
    })),
  ];

  document.querySelector(".network-still").hidden = true;
  place.hidden = false;
  const graph = cytoscape({
    container: place,
    elements,
    userZoomingEnabled: false,
    maxZoom: 1.3,
    boxSelectionEnabled: false,
    style: [
      { selector: "node", style: {
        label: "data(name)", color: colour("--ink"), "background-color": colour("--faint"), width: 14, height: 14,
        "font-size": 13, "text-outline-color": colour("--paper"), "text-outline-width": 2, "text-margin-y": -4 } },
      { selector: "node[chosen = 1]", style: { "background-color": colour("--ink"), width: 24, height: 24, "font-weight": "bold" } },
      { selector: "edge", style: {
        width: "data(width)", "line-color": "data(colour)", "line-style": "data(line)", "curve-style": "bezier",
        "target-arrow-shape": "triangle", "target-arrow-color": "data(colour)", "arrow-scale": 0.9, opacity: 0.8 } },
      { selector: "edge.near", style: {
        opacity: 1, label: "data(words)", color: colour("--ink"), "font-size": 12,
        "text-outline-color": colour("--paper"), "text-outline-width": 3 } },
      { selector: ".far", style: { opacity: 0.12 } },
    ],
    layout: {
      name: "concentric", concentric: (node) => (node.data("chosen") ? 2 : 1), levelWidth: () => 1,
      minNodeSpacing: 34, animate: false,
    },
  });
  const settle = () => { graph.resize(); graph.fit(undefined, 24); graph.center(); };
  requestAnimationFrame(settle);
  window.addEventListener("resize", settle);
  const show = (some) => {
    graph.elements().addClass("far").removeClass("near");
    some.removeClass("far").filter("edge").addClass("near");
  };
  graph.on("mouseover", "node", (event) => show(event.target.closedNeighborhood()));
  graph.on("mouseover", "edge", (event) => show(event.target.union(event.target.connectedNodes())));
  graph.on("mouseout", "node, edge", () => graph.elements().removeClass("far near"));
  graph.on("tap", "edge", (event) => { window.location.href = event.target.data("href"); });
  graph.on("tap", "node", (event) => {
    const there = new URL(window.location.href);
    there.searchParams.set("actor", event.target.id());
    window.location.href = there.href;
  });
  place.dataset.drawn = graph.nodes().length;
})();
