// Builds app/static/dist: sipas.css for the pages, fonts.css for them and the kiosk, the fonts.
// Run by `npm run build`; needs nothing but the packages of package-lock.json.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { compile, Logger } from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const MODULES = join(ROOT, "node_modules");
const TARGET = join(ROOT, "app", "static", "dist");
const LIMIT = 25_000;

// Be Vietnam Pro has no ĕ ŏ ŭ ĭ ƀ of the highland languages; Noto Sans brings them, and
// unicode-range keeps its 56 kB off every page that does not write them.
const FONTS = [
  { package: "be-vietnam-pro", family: "Be Vietnam Pro", subsets: ["latin", "vietnamese"] },
  { package: "noto-sans", family: "Noto Sans", subsets: ["latin-ext"] },
];
const WEIGHTS = [400, 600];

async function buildFonts() {
  await mkdir(join(TARGET, "fonts"), { recursive: true });
  const faces = [];
  for (const font of FONTS) {
    const folder = join(MODULES, "@fontsource", font.package);
    const ranges = JSON.parse(await readFile(join(folder, "unicode.json"), "utf8"));
    for (const subset of font.subsets) {
      for (const weight of WEIGHTS) {
        const name = await copyFont(join(folder, "files"), `${font.package}-${subset}-${weight}`);
        faces.push(fontFace(font.family, weight, name, ranges[subset]));
      }
    }
  }
  return faces.join("");
}

async function copyFont(folder, name) {
  const bytes = await readFile(join(folder, `${name}-normal.woff2`));
  // Static files are cached for ever, so a new font needs a new name.
  const hashed = `${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}.woff2`;
  await writeFile(join(TARGET, "fonts", hashed), bytes);
  return hashed;
}

function fontFace(family, weight, file, range) {
  return (
    `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};` +
    `font-display:swap;src:url(fonts/${file}) format("woff2");unicode-range:${range}}`
  );
}

function buildStyles() {
  return compile(join(HERE, "sipas.scss"), {
    style: "compressed",
    loadPaths: [MODULES],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import; it has no other way in.
    silenceDeprecations: ["import"],
    logger: Logger.silent,
  }).css;
}

function check(css) {
  if (/url\(["']?(data:|https?:)/.test(css)) {
    throw new Error("The style sheet holds a data: or foreign address; the policy forbids it.");
  }
  const size = gzipSync(css).length;
  if (size > LIMIT) throw new Error(`The style sheet has ${size} bytes gzipped; ${LIMIT} allowed.`);
  return size;
}

await rm(TARGET, { recursive: true, force: true });
const fonts = await buildFonts();
const styles = buildStyles();
const size = check(fonts + styles);
await writeFile(join(TARGET, "fonts.css"), fonts);
await writeFile(join(TARGET, "sipas.css"), styles);
console.log(`app/static/dist: ${fonts.length + styles.length} bytes of CSS, ${size} gzipped`);
