// Charts in the page's own colours, drawn anew when those change.

const drawn = new Set();

/** A colour of the style sheet as the canvas knows it. */
export function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/**
 * A chart in a canvas; `format` writes its values. What is returned draws it with new data and ends it: labels, and sets
 * with `label`, `data` and `colour`, a name of the style sheet.
 */
export function chart(canvas, { type, stacked = false, format, legend = true }) {
  let data = { labels: [], sets: [] };
  const made = new window.Chart(canvas, { type, data: { labels: [], datasets: [] }, options: {} });
  const draw = () => {
    made.options = options(stacked, format, legend && data.sets.length > 1);
    made.data = { labels: data.labels, datasets: data.sets.map((set) => dataset(type, set)) };
    made.update("none");
  };
  drawn.add(draw);
  return {
    update(labels, sets) {
      data = { labels, sets };
      draw();
    },
    end() {
      drawn.delete(draw);
      made.destroy();
    },
  };
}

window.addEventListener("themechange", () => drawn.forEach((draw) => draw()));

function dataset(type, { colour: name, ...set }) {
  const ink = colour(name);
  return type === "bar"
    ? { backgroundColor: ink, borderWidth: 0, borderRadius: 2, barPercentage: 0.9, categoryPercentage: 0.9, ...set }
    : { borderColor: ink, backgroundColor: ink, borderWidth: 2, pointRadius: 0, pointHitRadius: 8, tension: 0.25,
        spanGaps: true, ...set };
}

/** As short as it can be: round values need no decimals. */
function axis(value, format) {
  return value === 0 ? "0" : format(value).replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");
}

function options(stacked, format, legend) {
  const ink = colour("--muted");
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11.5 };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    plugins: {
      legend: { display: legend, position: "bottom", align: "start",
        labels: { color: ink, font, boxWidth: 8, boxHeight: 8, usePointStyle: true, pointStyle: "circle", padding: 14 } },
      tooltip: { backgroundColor: colour("--tooltip"), titleColor: colour("--tooltip-text"),
        bodyColor: colour("--tooltip-text"), padding: 10, cornerRadius: 6, boxWidth: 8, boxHeight: 8, usePointStyle: true,
        callbacks: { label: (item) => ` ${item.dataset.label}  ${format(item.parsed.y)}` } },
    },
    scales: {
      x: { stacked, grid: { display: false }, border: { color: colour("--line") },
        ticks: { color: ink, font, maxRotation: 0, autoSkip: true, autoSkipPadding: 24 } },
      y: { stacked, beginAtZero: true, grid: { color: colour("--line") }, border: { display: false },
        ticks: { color: ink, font, maxTicksLimit: 5, callback: (value) => axis(value, format) } },
    },
  };
}
