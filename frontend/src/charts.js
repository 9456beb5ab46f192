// Draws <div data-chart="id-of-json">: SVG, no animation, colours of the house. The table beside it says the same.
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent, BarChart, CustomChart, DatasetComponent, GridComponent, HeatmapChart, LegendComponent, LineChart,
  MarkLineComponent, ScatterChart, SVGRenderer, TooltipComponent, VisualMapComponent,
]);

const INK = "#5b6472";
const LINE = "#e3e6eb";
const axis = { axisLabel: { color: INK }, axisLine: { lineStyle: { color: LINE } }, splitLine: { lineStyle: { color: LINE } } };
echarts.registerTheme("wuxie", {
  color: ["#0958d9", "#b8500a", "#6b7686"],
  textStyle: { fontFamily: "inherit", fontSize: 12, color: INK },
  categoryAxis: { ...axis, axisTick: { show: false }, splitLine: { show: false } },
  valueAxis: axis,
  timeAxis: axis,
  line: { symbolSize: 6, lineStyle: { width: 2 } },
  legend: { textStyle: { color: INK } },
});

export function draw(root) {
  const found = [...root.querySelectorAll("[data-chart]")];
  if (root.matches?.("[data-chart]")) found.push(root);
  for (const box of found) {
    if (box.dataset.drawn) continue;
    box.dataset.drawn = "yes";
    const option = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const chart = echarts.init(box, "wuxie", { renderer: "svg" });
    chart.setOption({ animation: false, grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true }, ...option });
    new ResizeObserver(() => chart.resize()).observe(box);
    // The chart is drawn: the table steps back, one click away.
    const figure = box.closest(".wx-chart");
    figure?.classList.add("is-drawn");
    figure?.querySelector("details")?.removeAttribute("open");
  }
}
