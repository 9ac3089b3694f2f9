// What the pages do better with JavaScript; every one of them also works without.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const token = $('meta[name="csrf-token"]')?.content;

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });

  // A question before an act that cannot be taken back.
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    // One click, one act: a second click waits for the answer of the first.
    if (event.target.method === "post" && !event.target.dataset.again) {
      if (event.target.dataset.sent) { event.preventDefault(); return; }
      event.target.dataset.sent = "1";
      setTimeout(() => delete event.target.dataset.sent, 5000);
    }
  }, true);

  // Ctrl-K search; «g x» opens a page of the menu; Alt-S saves.
  const palette = $("#palette");
  let went = 0;
  const typing = (node) => node.closest("input, select, textarea, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
      event.preventDefault();
      palette.showModal();
      $("input", palette).select();
    } else if (event.altKey && event.key.toLowerCase() === "s") {
      const button = $("form [data-save]");
      if (button) { event.preventDefault(); button.click(); }
    } else if (!typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === "/") { event.preventDefault(); ($("#list-q") || $("#topbar-search"))?.focus(); return; }
      if (event.key === "g") { went = Date.now(); return; }
      if (Date.now() - went < 1500) {
        went = 0;
        const link = $(`#menu a[data-key="${CSS.escape(event.key)}"]`);
        if (link) { event.preventDefault(); link.click(); }
      }
    }
  });
  palette?.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  palette?.addEventListener("submit", (event) => {
    const first = $("#palette-results a");
    if (first) { event.preventDefault(); first.click(); }
  });

  // Rows added to a form table: the template row with its index replaced.
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) {
      const body = $(add.dataset.addRow);
      const html = $(add.dataset.template).innerHTML.replaceAll("__n__", body.rows.length);
      body.insertAdjacentHTML("beforeend", html);
      enhance(body.lastElementChild);
      $("input, select", body.lastElementChild)?.focus();
    }
    const drop = event.target.closest("[data-drop-row]");
    if (drop) {
      const row = drop.closest("tr");
      $$("input, select", row).forEach((field) => { if (!field.dataset.key) field.value = ""; });
      row.hidden = true;
      row.closest("form")?.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  const chart = (node) => {
    if (!window.uPlot || node.dataset.drawn) return;
    node.dataset.drawn = "1";
    const data = JSON.parse(node.dataset.series);
    const style = getComputedStyle(node);
    const ink = style.getPropertyValue("--weir-ink"), grid = style.getPropertyValue("--weir-grid");
    const accents = [style.getPropertyValue("--weir-accent"), style.getPropertyValue("--weir-accent-2")];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
    const figures = new Intl.NumberFormat("en-US");
    const room = node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const every = Math.ceil((data.labels.length * 64) / Math.max(room - 84, 64));
    new uPlot({
      width: room, height: 220, cursor: { y: false },
      scales: { x: { time: false, range: (u, a, b) => [a - 0.5, b + 0.5] }, y: { range: (u, a, b) => [Math.min(0, a), b * 1.1 || 1] } },
      axes: [
        { ...axis, splits: () => data.labels.map((_, i) => i).filter((i) => i % every === (data.labels.length - 1) % every), values: (u, ticks) => ticks.map((i) => data.labels[i] ?? "") },
        { ...axis, size: 84, values: (u, ticks) => ticks.map((v) => figures.format(v)) },
      ],
      series: [
        { label: data.axis, value: (u, i) => data.labels[i] ?? "" },
        ...data.series.map((s, i) => ({
          label: s.label, stroke: accents[i % 2], fill: i ? undefined : accents[0] + "33", width: 2,
          paths: s.kind === "line" ? uPlot.paths.linear() : uPlot.paths.bars({ size: [0.6, 48] }),
          points: { show: s.kind === "line" }, value: (u, v) => (v == null ? "" : figures.format(v)),
        })),
      ],
    }, [data.labels.map((_, i) => i), ...data.series.map((s) => s.values)], node);
  };

  const nothing = () => {
    const line = document.createElement("div");
    line.className = "no-results";
    line.textContent = document.body.dataset.nothing;
    return line;
  };

  const enhance = (root) => {
    if (window.TomSelect) {
      $$("select[data-search]", root).forEach((node) => {
        if (node.tomselect) return;
        new TomSelect(node, { maxOptions: 400, allowEmptyOption: true, render: { no_results: nothing } });
        // The field over it has taken its label; to readers of the screen the bare one is gone.
        node.setAttribute("aria-hidden", "true");
      });
    }
    $$("[data-series]", root).forEach(chart);
    $(".error-summary", root)?.focus();
  };
  document.addEventListener("DOMContentLoaded", () => enhance(document));
  document.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.target));
})();
