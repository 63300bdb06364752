"use strict";
// Draws the page from the evaluation's JSON. All text goes in as text nodes: names of files and attacks are never markup.
(() => {
  const evaluation = JSON.parse(document.getElementById("evaluation").textContent);
  const { summary, failures, clips } = evaluation;
  const colours = ["#0b6bcb", "#d1495b", "#2e933c", "#8d5fd3", "#c77700", "#007f8b", "#6b705c", "#b5179e"];
  const colourOf = (index) => colours[index % colours.length];
  const pointStyles = ["circle", "triangle", "rect", "star", "cross"];
  const pointStyleOf = (index) => pointStyles[index % pointStyles.length];

  const element = (tag, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };
  const section = (title, note) => {
    const made = element("section", {}, element("h2", {}, title));
    if (note) made.append(element("p", { className: "note" }, note));
    document.getElementById("report").append(made);
    return made;
  };
  const table = (place, head, rows, className = "") => {
    const header = element("tr", {}, ...head.map((name) => element("th", {}, name)));
    const cellOf = (cell) => cell instanceof Node && cell.nodeName === "TD" ? cell : element("td", {}, cell);
    const body = rows.map((row) => element("tr", {}, ...row.map(cellOf)));
    place.append(element("div", { className: "scroll" },
      element("table", { className }, element("thead", {}, header), element("tbody", {}, ...body))));
  };
  /// A name that may be broken after its dashes, underlines and slashes.
  const breakable = (name) => element("span", {}, ...name.split(/(?<=[-_/])/).flatMap((part) => [part, element("wbr")]));
  const textCell = (...content) => element("td", { className: "text" }, ...content);

  const known = (value, format) => value === null || value === undefined ? "–" : format(value);
  const percent = (share) => (100 * share).toFixed(1);
  const fixed = (digits) => (value) => value.toFixed(digits);
  const power = (log10) => `10^${log10.toFixed(1)}`;
  const small = (value) => value === 0 ? "0" : value.toExponential(1);
  const rateCell = (rate) => rate.trials === 0 ? "–" : element("td", {}, `${percent(rate.share)} % `,
    element("small", {}, `${percent(rate.low)}–${percent(rate.high)}, n ${rate.trials}`));
  // A miss whose bits are known has wrong ones: without any, the bits of misses are not known.
  const bitErrors = (counts) => counts.bit_error_rate === 0 && counts.detected.share < 1 ? null : counts.bit_error_rate;
  const lengthOf = (seconds) => seconds === 0 ? "whole" : `${seconds} s`;
  const counted = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;
  const distinct = (values) => [...new Set(values)];

  const chart = (place, title, configuration) => {
    const canvas = element("canvas");
    place.append(element("figure", {}, element("figcaption", {}, title), element("div", { className: "canvas" }, canvas)));
    new Chart(canvas, configuration);
  };
  // Dots on the edge are whole, and a line under another is wider than it, so that both are seen.
  const styleOf = (index) => ({ borderColor: colourOf(index), backgroundColor: colourOf(index), borderWidth: 2 + 3 * index,
    pointBorderWidth: 1, clip: 8 });
  const axis = (title, more = {}) => ({ title: { display: true, text: title }, ...more });
  const lines = (datasets, x, y) => ({
    type: "scatter", data: { datasets },
    options: {
      animation: false, maintainAspectRatio: false, scales: { x, y }, elements: { point: { radius: 4 } },
      plugins: { legend: { labels: { usePointStyle: true, filter: (item) => !datasets[item.datasetIndex].isSecond } } },
    },
  });

  function overview() {
    const place = section("Systems", "Detected: the whole message read, at the system's own threshold (for a system with a " +
      "proved bound on false alarms, at that bound), among marked trials without errors; with 95 % Wilson intervals. TPR at 1 % and 0.1 %: at the threshold that so few null trials reach; " +
      "a dash where there are too few of them to tell. BER: a dash for a system that reads no bits unless it is sure of them all.");
    table(place, ["system", "detected", "wrong", "inconclusive", "errors", "BER", "AUC", "TPR at 1 %", "TPR at 0.1 %"],
      summary.systems.map((system) => [system.name, rateCell(system.all.detected), `${system.all.num_wrong}`,
        `${system.all.num_inconclusive}`, `${system.all.num_errors}`, known(bitErrors(system.all), fixed(4)),
        known(system.area_under_roc, fixed(4)), known(system.tpr_at_1_percent, fixed(4)),
        known(system.tpr_at_0_1_percent, fixed(4))]));
  }

  function nullTails() {
    if (summary.systems.every((system) => system.null.false_alarms.trials + system.null.num_errors === 0)) return;
    const place = section("Trials without the mark", "How far recordings without a mark, or with another key's, went: false " +
      "alarms, the largest statistic, and the least proved p-value against the bound that each file was decided at.");
    table(place, ["system", "false alarms", "errors", "largest statistic", "least p-value", "bound"],
      summary.systems.map((system) => [system.name, rateCell(system.null.false_alarms), `${system.null.num_errors}`,
        known(system.null.largest_score, fixed(2)), known(system.null.least_log10_p_value, power),
        known(system.null.false_positive_bound, small)]));
  }

  function attacks() {
    const cells = summary.systems.flatMap((system, index) => system.cells.map((cell) => ({ ...cell, system: system.name, index })));
    const lengths = distinct(cells.map((cell) => cell.clip_s)).sort((a, b) => a - b);
    const columns = lengths.flatMap((clip_s) => summary.systems.map((system) => ({ clip_s, system: system.name })));
    const place = section("Detection by attack and clip length");
    const find = (attack, column) =>
      cells.find((cell) => cell.attack === attack && cell.clip_s === column.clip_s && cell.system === column.system);
    table(place, ["attack", ...columns.map((column) => `${column.system}, ${lengthOf(column.clip_s)}`)],
      distinct(cells.map((cell) => cell.attack)).map((attack) => [attack, ...columns.map((column) => {
        const cell = find(attack, column);
        return cell ? rateCell(cell.counts.detected) : "–";
      })]));
    return cells;
  }

  function strengths(cells) {
    const varied = distinct(cells.map((cell) => cell.attack_name)).filter((name) =>
      distinct(cells.filter((cell) => cell.attack_name === name && cell.strength !== null).map((cell) => cell.strength)).length > 1);
    if (varied.length === 0) return;
    const place = element("div", { className: "charts" });
    section("Detection and bit errors against attack strength",
      "Full lines: share detected. Dashed: bit error rate, of systems that report wrong bits. A colour is a system, a shape a clip length.").append(place);
    for (const name of varied) {
      const members = cells.filter((cell) => cell.attack_name === name && cell.strength !== null);
      const lengths = distinct(members.map((cell) => cell.clip_s)).sort((a, b) => a - b);
      const datasets = distinct(members.map((cell) => `${cell.index}/${cell.clip_s}`)).flatMap((key) => {
        const own = members.filter((cell) => `${cell.index}/${cell.clip_s}` === key).sort((a, b) => a.strength - b.strength);
        const label = `${own[0].system}, ${lengthOf(own[0].clip_s)}`;
        const style = { ...styleOf(own[0].index), showLine: true, pointStyle: pointStyleOf(lengths.indexOf(own[0].clip_s)) };
        const bits = own.filter((cell) => cell.counts.bit_error_rate !== null);
        return [
          { ...style, label, data: own.map((cell) => ({ x: cell.strength, y: cell.counts.detected.share })) },
          ...(bits.some((cell) => cell.counts.bit_error_rate > 0) ? [{ ...style, label: `${label}: BER`, isSecond: true, borderDash: [5, 4],
            data: bits.map((cell) => ({ x: cell.strength, y: cell.counts.bit_error_rate })) }] : []),
        ];
      });
      chart(place, name, lines(datasets, axis(members[0].strength_unit || "strength"), axis("share", { min: 0, max: 1 })));
    }
  }

  function curves() {
    const ranked = summary.systems.map((system, index) => ({ system, index })).filter(({ system }) => system.roc.length > 0);
    if (ranked.length === 0) return;
    const place = element("div", { className: "charts" });
    section("ROC and DET", "Over all attacks, whatever the threshold. The DET axes are stretched as a normal distribution is.")
      .append(place);
    const datasets = (pointsOf) => ranked.map(({ system, index }) => ({
      ...styleOf(index), label: system.name, showLine: true, pointRadius: 0,
      data: pointsOf(system),
    }));
    chart(place, "ROC", lines(
      datasets((system) => system.roc.map((point) => ({ x: point.false_positive_rate, y: point.true_positive_rate }))),
      axis("false positive rate", { min: 0, max: 1 }), axis("true positive rate", { min: 0, max: 1 })));
    // Ticks stand where round probabilities are.
    const probits = [["0.1 %", -3.0902], ["1 %", -2.3263], ["5 %", -1.6449], ["20 %", -0.8416], ["50 %", 0], ["80 %", 0.8416],
      ["95 %", 1.6449], ["99 %", 2.3263]];
    const stretched = (title) => axis(title, {
      min: -3.3, max: 2.6, afterBuildTicks: (scale) => { scale.ticks = probits.map(([, value]) => ({ value })); },
      ticks: { autoSkip: false, callback: (value) => probits.find(([, place]) => place === value)[0] },
    });
    const det = lines(datasets((system) => system.det.map((point) => ({ x: point.false_positive, y: point.false_negative }))),
      stretched("false positive rate"), stretched("false negative rate"));
    chart(place, "DET", det);
  }

  function quality() {
    const graded = summary.systems.map((system, index) => ({ system, index }))
      .filter(({ system }) => system.quality.odg !== null || system.quality.snr_db !== null);
    if (graded.length === 0) return;
    const place = section("Quality against robustness", "Means over the marked copies before any attack. ODG: PEAQ basic, 0 " +
      "imperceptible to -4 very annoying; compare only grades measured by the same program.");
    table(place, ["system", "recordings", "ODG", "distortion index", "SNR", "noise to mask", "detected"],
      graded.map(({ system }) => [system.name, `${system.quality.num_recordings}`, known(system.quality.odg, fixed(3)),
        known(system.quality.distortion_index, fixed(2)), known(system.quality.snr_db, (value) => `${value.toFixed(1)} dB`),
        known(system.quality.nmr_db, (value) => `${value.toFixed(1)} dB`), rateCell(system.all.detected)]));
    const charts = element("div", { className: "charts" });
    place.append(charts);
    const dots = graded.filter(({ system }) => system.quality.odg !== null).map(({ system, index }) => ({
      ...styleOf(index), label: system.name, pointRadius: 6,
      data: [{ x: system.quality.odg, y: system.all.detected.share }],
    }));
    if (dots.length > 0) chart(charts, "Share detected against ODG", lines(dots, axis("mean ODG", { suggestedMin: -0.5, suggestedMax: 0.25 }),
      axis("share detected", { min: 0, max: 1 })));
  }

  function comparisons() {
    if (summary.comparisons.length === 0) return;
    const place = section("Paired comparison", "Marked trials that both systems had: same recording, attack, clip and crop. The " +
      "p-value is McNemar's exact test, two-sided, not corrected for the number of rows.");
    table(place, ["attack", "systems", "both", "only the first", "only the second", "neither", "p"],
      summary.comparisons.map((row) => [row.attack_name || "all", textCell(`${row.system_a} against ${row.system_b}`),
        `${row.both}`, `${row.only_a}`, `${row.only_b}`, `${row.neither}`,
        row.p_value < 0.0001 ? small(row.p_value) : row.p_value.toFixed(4)]), "texts");
  }

  function listenTo(clip) {
    if (!clip) return textCell("");
    if (clips[clip]) return textCell(element("audio", { controls: true, preload: "none", src: clips[clip] }));
    return textCell(element("a", { href: clip.split("/").map(encodeURIComponent).join("/") }, "listen"));
  }

  function listFailures() {
    if (failures.rows.length === 0) return;
    const left = failures.num_left_out > 0 ? ` ${failures.num_left_out} more are in results.csv.` : "";
    const place = section("Failures", `Marked trials that were not detected, false alarms, and errors.${left}`);
    table(place, ["recording", "system", "attack", "clip", "trial", "outcome", "what was heard", "message"],
      failures.rows.map((row) => [breakable(row.recording), row.system, textCell(row.attack),
        `${lengthOf(row.clip_s)} from ${row.crop_offset_s.toFixed(1)} s`, row.kind, row.outcome, listenTo(row.clip),
        textCell(row.message)]), "texts");
  }

  document.getElementById("counts").textContent =
    `${counted(summary.num_trials, "trial")} on ${counted(summary.num_recordings, "recording")} by ${counted(summary.systems.length, "system")}.`;
  overview();
  nullTails();
  strengths(attacks());
  curves();
  quality();
  comparisons();
  listFailures();
})();
