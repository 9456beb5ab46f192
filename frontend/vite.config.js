// Builds what the browser needs into the package's static folder; nothing in there is written by hand or committed.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(here, "node_modules");
const out = resolve(here, "../src/wuxie/web/static");

/** One SVG file holding the icons named in src/icons.json ("filled/x" is the filled shape of "x"). */
function icons() {
  const symbol = (name) => {
    const [style, shape] = name.startsWith("filled/") ? ["filled", name.slice(7)] : ["outline", name];
    const svg = readFileSync(resolve(modules, `@tabler/icons/icons/${style}/${shape}.svg`), "utf8");
    const body = svg.replace(/^[\s\S]*?<svg[\s\S]*?>|<\/svg>\s*$/g, "").replace(/<path stroke="none" d="M0 0h24v24H0z"[^>]*>/, "");
    const paint = style === "filled" ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="1.75"';
    const id = name.replace("/", "-");
    return `<symbol id="${id}" viewBox="0 0 24 24" ${paint} stroke-linecap="round" stroke-linejoin="round">${body.trim()}</symbol>`;
  };
  return {
    name: "icons",
    generateBundle() {
      const names = JSON.parse(readFileSync(resolve(here, "src/icons.json"), "utf8"));
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "src/icons.svg", source });
    },
  };
}

/** The four font files that papers are set in (OFL), under plain names, with their licence. */
function fonts() {
  const families = { "noto-sans-sc": "NotoSansSC", "noto-serif-sc": "NotoSerifSC" };
  const weights = { "400Regular": "Regular", "700Bold": "Bold" };
  return {
    name: "fonts",
    closeBundle() {
      mkdirSync(resolve(out, "fonts"), { recursive: true });
      for (const [folder, family] of Object.entries(families)) {
        const from = resolve(modules, "@expo-google-fonts", folder);
        copyFileSync(resolve(from, "LICENSE_FONT"), resolve(out, "fonts", `${family}-LICENSE.txt`));
        for (const [weight, style] of Object.entries(weights)) {
          copyFileSync(resolve(from, weight, `${family}_${weight}.ttf`), resolve(out, "fonts", `${family}-${style}.ttf`));
        }
      }
    },
  };
}

export default defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  plugins: [icons(), fonts()],
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    outDir: out,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: { main: resolve(here, "src/main.js"), field: resolve(here, "src/field.js") } },
  },
});
