// What scripts add to a report: filters, sorting, selecting a time, the flame graph, copying, the
// theme. The page says all that matters without them.
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const data = JSON.parse(byId("data").textContent);
  const slots = 120;
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  all(".scripted").forEach((each) => (each.hidden = false));

  // What is shown

  const findingRows = all("#findings-table tbody tr");
  const packetRows = all("#packets-table tbody tr");
  const articles = all("article.finding");
  const text = new Map();
  const filter = { from: 0, to: slots, flame: null, flameName: "" };

  function lower(element) {
    if (!text.has(element)) {
      text.set(element, element.textContent.toLowerCase());
    }
    return text.get(element);
  }

  const chosen = (id) => (byId(id) ? byId(id).value : "");
  const timed = () => filter.from > 0 || filter.to < slots;

  function eventsInTime(finding) {
    const counts = data.slots[finding];
    let events = 0;
    for (let i = 0; i < counts.length; i += 2) {
      if (counts[i] >= filter.from && counts[i] < filter.to) {
        events += counts[i + 1];
      }
    }
    return events;
  }

  function admits(row) {
    const finding = Number(row.dataset.finding);
    const family = row.dataset.class.split(".")[0];
    return (
      (!chosen("severity") || row.dataset.severity === chosen("severity")) &&
      (!chosen("class") || family === chosen("class")) &&
      (!chosen("host") || row.dataset.host === chosen("host")) &&
      (!chosen("netns") || row.dataset.netns === chosen("netns")) &&
      (!filter.flame || filter.flame.has(finding)) &&
      (!timed() || eventsInTime(finding) > 0)
    );
  }

  function show() {
    const wanted = chosen("text").trim().toLowerCase();
    const article = new Map(articles.map((each) => [each.dataset.finding, each]));
    const admitted = new Set();
    const told = new Set();
    for (const row of findingRows) {
      const finding = row.dataset.finding;
      if (admits(row)) {
        admitted.add(finding);
        const itself = article.get(finding);
        if (!wanted || lower(row).includes(wanted) || (itself && lower(itself).includes(wanted))) {
          told.add(finding);
        }
      }
    }
    const withPacket = new Set();
    let packets = 0;
    for (const row of packetRows) {
      const finding = row.dataset.finding;
      const slot = Number(row.dataset.slot);
      const inTime = !timed() || (slot >= filter.from && slot < filter.to);
      const fits = !wanted || told.has(finding) || lower(row).includes(wanted);
      row.hidden = !(admitted.has(finding) && inTime && fits);
      if (!row.hidden) {
        packets++;
        withPacket.add(finding);
      }
    }
    let shown = 0;
    for (const row of findingRows) {
      const finding = row.dataset.finding;
      row.hidden = !(told.has(finding) || (wanted && withPacket.has(finding)));
      shown += row.hidden ? 0 : 1;
      if (article.has(finding)) {
        article.get(finding).hidden = row.hidden;
      }
    }
    all(".benign-findings").forEach((fold) => {
      fold.hidden = all("article.finding", fold).every((each) => each.hidden);
    });
    say(shown, packets, wanted);
  }

  function say(shown, packets, wanted) {
    const parts = [shown + " of " + findingRows.length + " findings"];
    if (timed()) {
      parts.push(data.begins[filter.from] + " to " + data.begins[filter.to]);
    }
    if (filter.flame) {
      parts.push("through " + filter.flameName);
    }
    const filtered = ["severity", "class", "host", "netns"].some(chosen);
    const narrowed = Boolean(wanted) || timed() || Boolean(filter.flame) || filtered;
    byId("state").textContent = narrowed ? parts.join(", ") : "";
    byId("reset").hidden = !narrowed;
    byId("none").hidden = shown > 0 || findingRows.length === 0;
    if (byId("packets-state")) {
      byId("packets-state").textContent = narrowed ? packets + " shown." : "";
    }
  }

  ["text", "severity", "class", "host", "netns"].forEach((id) => {
    if (byId(id)) {
      byId(id).addEventListener("input", show);
    }
  });
  byId("reset").addEventListener("click", () => {
    ["text", "severity", "class", "host", "netns"].forEach((id) => {
      if (byId(id)) {
        byId(id).value = "";
      }
    });
    selectTime(0, slots);
    showAllStacks();
    show();
    byId("text").focus();
  });

  // Sorting

  function value(row, column, numeric) {
    const cell = row.cells[column];
    const words = cell.dataset.value || cell.textContent.trim();
    return numeric ? Number(words.replace(/,/g, "")) : words.toLowerCase();
  }

  function sort(table, header, button) {
    const numeric = header.dataset.sort === "number";
    const before = header.getAttribute("aria-sort");
    const descending = before ? before === "ascending" : numeric && header.cellIndex > 0;
    all("th", table).forEach((each) => each.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const sign = descending ? -1 : 1;
    const column = header.cellIndex;
    const rows = all("tbody tr", table).map((row) => [value(row, column, numeric), row]);
    rows.sort((a, b) => sign * (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    table.tBodies[0].append(...rows.map((each) => each[1]));
    button.focus();
  }

  all("th[data-sort]").forEach((header) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    button.addEventListener("click", () => sort(header.closest("table"), header, button));
    header.replaceChildren(button);
  });

  // Selecting a time

  const chart = byId("chart");

  function selectTime(from, to) {
    filter.from = Math.max(0, Math.min(from, to));
    filter.to = Math.min(slots, Math.max(from, to));
    if (!chart) {
      return;
    }
    byId("from").value = filter.from;
    byId("to").value = filter.to;
    const words = timed() ? data.begins[filter.from] + " to " + data.begins[filter.to] : "all";
    byId("span").textContent = words;
    byId("from").setAttribute("aria-valuetext", data.begins[filter.from]);
    byId("to").setAttribute("aria-valuetext", data.begins[filter.to]);
    let mark = chart.querySelector(".selection");
    if (!mark) {
      mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      mark.setAttribute("class", "selection");
      mark.setAttribute("height", "1000");
      chart.append(mark);
    }
    mark.setAttribute("x", filter.from * 10);
    mark.setAttribute("width", timed() ? (filter.to - filter.from) * 10 : 0);
    all(".slot", chart).forEach((slot) => {
      const x = Number(slot.querySelector("rect").getAttribute("x")) / 10;
      slot.classList.toggle("out", x < filter.from || x >= filter.to);
    });
  }

  if (chart) {
    let begun = null;
    const at = (event) => {
      const box = chart.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * slots;
    };
    chart.addEventListener("pointerdown", (event) => {
      begun = at(event);
      chart.setPointerCapture(event.pointerId);
    });
    chart.addEventListener("pointermove", (event) => {
      if (begun !== null && Math.abs(at(event) - begun) > 0.5) {
        const here = at(event);
        selectTime(Math.floor(Math.min(begun, here)), Math.ceil(Math.max(begun, here)));
      }
    });
    chart.addEventListener("pointerup", (event) => {
      if (begun !== null && Math.abs(at(event) - begun) <= 0.5) {
        selectTime(0, slots);
      }
      begun = null;
      show();
    });
    chart.addEventListener("pointercancel", () => (begun = null));
    const slide = () => {
      const from = Number(byId("from").value);
      const to = Number(byId("to").value);
      selectTime(Math.min(from, to), Math.max(Math.min(from, to) + 1, to));
      show();
    };
    byId("from").addEventListener("input", slide);
    byId("to").addEventListener("input", slide);
    selectTime(0, slots);
  }

  // The flame graph

  const colours = [
    "#f2b8a0", "#f6d186", "#b9d8a8", "#9fd0cf", "#a9c3ea", "#cbb8e6", "#e8b4cf", "#d6c7a7"
  ];
  const noColour = "#d5d9d7";
  let flame = null;
  let folders = new Map();

  function findingsOf(node) {
    const found = new Set();
    node.descendants().forEach((each) => each.data.findings.forEach((f) => found.add(f)));
    return found;
  }

  function weigh(node, weights) {
    if (node.folder) {
      weights.set(node.folder, (weights.get(node.folder) || 0) + node.value);
    }
    (node.children || []).forEach((child) => weigh(child, weights));
    return weights;
  }

  function nameFrames() {
    all("#flame .frame").forEach((frame) => {
      frame.setAttribute("role", "button");
      frame.setAttribute("aria-label", label(frame.__data__));
      frame.setAttribute("tabindex", frame.__data__.depth === 0 ? "0" : "-1");
    });
  }

  function label(node) {
    const share = Math.round((node.x1 - node.x0) * 1000) / 10;
    const where = node.data.folder ? " in " + node.data.folder : "";
    const events = node.data.value === 1 ? " event, " : " events, ";
    return node.data.name + where + ": " + node.data.value + events + share + "%";
  }

  function through(node) {
    filter.flame = node.depth === 0 ? null : findingsOf(node);
    filter.flameName = node.data.name;
    byId("unzoom").hidden = node.depth === 0;
    show();
    window.setTimeout(nameFrames, stillness ? 50 : 400);
  }

  function showAllStacks() {
    if (flame && filter.flame) {
      filter.flame = null;
      flame.resetZoom();
    }
  }

  function draw() {
    const place = byId("flame");
    if (flame) {
      flame.destroy();
    }
    const withBenign = !data.losses || (byId("benign") && byId("benign").checked);
    const tree = structuredClone(withBenign ? data.all : data.losses);
    const weights = Array.from(weigh(tree, new Map())).sort((a, b) => b[1] - a[1]);
    folders = new Map(
      weights.slice(0, colours.length).map((each, i) => [each[0], colours[i]]));
    flame = flamegraph.default()
      .width(place.clientWidth)
      .cellHeight(21)
      .minFrameSize(1)
      .transitionDuration(stillness ? 0 : 250)
      .setColorMapper((node) =>
        node.highlight ? "#ff7ad9" : folders.get(node.data.folder) || noColour)
      .label(label)
      .setSearchMatch((node, term) => Boolean(term) && node.data.name.includes(term))
      .setDetailsElement(byId("flame-details"))
      .onClick(through);
    d3.select(place).datum(tree).call(flame);
    place.querySelector("svg").setAttribute("aria-label", "Stacks");
    nameFrames();
    const legend = byId("folders");
    legend.replaceChildren();
    folders.forEach((colour, folder) => {
      const entry = document.createElement("span");
      const key = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      key.setAttribute("class", "key");
      key.setAttribute("viewBox", "0 0 10 10");
      const square = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      square.setAttribute("width", "10");
      square.setAttribute("height", "10");
      square.setAttribute("fill", colour);
      key.append(square);
      entry.append(key, folder);
      legend.append(entry);
    });
  }

  // Upwards is towards the drop, as drawn.
  function neighbour(node, key) {
    const beside = node.parent ? node.parent.children : [node];
    switch (key) {
      case "ArrowUp":
        return node.children && node.children[0];
      case "ArrowDown":
        return node.parent;
      case "ArrowLeft":
        return beside[beside.indexOf(node) - 1];
      case "ArrowRight":
        return beside[beside.indexOf(node) + 1];
      default:
        return null;
    }
  }

  if (byId("flame")) {
    draw();
    byId("function").addEventListener("input", (event) => {
      const term = event.target.value.trim();
      if (term) {
        flame.search(term);
      } else {
        flame.clear();
      }
    });
    byId("unzoom").addEventListener("click", () => flame.resetZoom());
    if (byId("benign")) {
      byId("benign").addEventListener("change", () => {
        filter.flame = null;
        byId("unzoom").hidden = true;
        draw();
        show();
      });
    }
    byId("flame").addEventListener("keydown", (event) => {
      const frame = event.target.closest(".frame");
      if (!frame) {
        return;
      }
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        frame.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        return;
      }
      const next = neighbour(frame.__data__, event.key);
      const target = next && all("#flame .frame").find((each) => each.__data__ === next);
      if (target) {
        event.preventDefault();
        frame.setAttribute("tabindex", "-1");
        target.setAttribute("tabindex", "0");
        target.focus();
      }
    });
    let width = byId("flame").clientWidth;
    window.addEventListener("resize", () => {
      if (byId("flame").clientWidth !== width) {
        width = byId("flame").clientWidth;
        flame.width(width).update();
      }
    });
  }

  // Copying

  function copy(words) {
    if (navigator.clipboard && navigator.clipboard.writeText) {
      return navigator.clipboard.writeText(words);
    }
    return Promise.reject(new Error("no clipboard"));
  }

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  all(".commands li").forEach((item) => {
    const command = item.querySelector(".command");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the command " + command.textContent);
    button.addEventListener("click", () => {
      copy(command.textContent).then(
        () => (button.textContent = "Copied"),
        () => {
          select(command);
          button.textContent = "Selected";
        });
      window.setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    item.classList.add("copyable");
    item.append(button);
  });

  // The theme

  const theme = byId("theme");
  const root = document.documentElement;
  const darkBySystem = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : darkBySystem.matches;

  function nameTheme() {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", isDark() ? "Use light colours" : "Use dark colours");
  }

  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
  });
  darkBySystem.addEventListener("change", nameTheme);
  nameTheme();

  // Printing: what is folded is printed too, except for the snapshots.

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("details:not(.part):not([open])");
    opened.forEach((each) => (each.open = true));
  });
  window.addEventListener("afterprint", () => opened.forEach((each) => (each.open = false)));

  // A link leads to what is folded, or filtered away.

  window.addEventListener("hashchange", () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    for (let fold = target && target.closest("details"); fold; ) {
      fold.open = true;
      fold = fold.parentElement.closest("details");
    }
    if (target) {
      target.scrollIntoView();
    }
  });
})();
