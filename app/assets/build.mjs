// Builds app/static/dist: sipas.css for the pages, fonts.css for them and the kiosk, form.css for
// the citizen's form, the fonts, and blindrsa.js, which form and kiosk load when they send.
// Run by `npm run build`; needs nothing but the packages of package-lock.json.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild-wasm";
import { compile, Logger } from "sass";
import { renamed, unpacked } from "./print.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const MODULES = join(ROOT, "node_modules");
const TARGET = join(ROOT, "app", "static", "dist");
const LIMIT = 25_000;
const FORM_LIMIT = 4_000;
const LIBRARY_LIMIT = 15_000;

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

// The form of a citizen takes the regular weight alone: each weight is 33 kB on a bus.
function formFonts(faces) {
  return faces
    .split("@font-face")
    .filter((face) => face.includes("font-weight:400"))
    .map((face) => `@font-face${face.replace("font-display:swap", "font-display:fallback")}`)
    .join("");
}

async function copyFont(folder, name) {
  const bytes = await readFile(join(folder, `${name}-normal.woff2`));
  // Static files are cached for ever, so a new font needs a new name.
  const hashed = `${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}.woff2`;
  await writeFile(join(TARGET, "fonts", hashed), bytes);
  return hashed;
}

// Posters are set by a program that reads no web fonts and takes one file for one family: the
// Vietnamese letters get a family of their own, of which the first is the neighbour.
async function buildPrintFonts() {
  await mkdir(join(TARGET, "print"), { recursive: true });
  for (const font of FONTS) {
    for (const subset of font.subsets) {
      for (const weight of WEIGHTS) {
        const name = `${font.package}-${subset}-${weight}`;
        const folder = join(MODULES, "@fontsource", font.package, "files");
        const plain = unpacked(await readFile(join(folder, `${name}-normal.woff`)));
        if (subset === "vietnamese") renamed(plain, "Be Vietnam Pro", "Be Vietnam Prv");
        await writeFile(join(TARGET, "print", `${name}.ttf`), plain);
      }
    }
  }
}

function fontFace(family, weight, file, range) {
  return (
    `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};` +
    `font-display:swap;src:url(fonts/${file}) format("woff2");unicode-range:${range}}`
  );
}

function buildStyles(name) {
  return compile(join(HERE, name), {
    style: "compressed",
    loadPaths: [MODULES],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import; it has no other way in.
    silenceDeprecations: ["import"],
    logger: Logger.silent,
  }).css;
}

function check(css, limit) {
  if (/url\(["']?(data:|https?:)/.test(css)) {
    throw new Error("The style sheet holds a data: or foreign address; the policy forbids it.");
  }
  const size = gzipSync(css).length;
  if (size > limit) throw new Error(`The style sheet has ${size} bytes gzipped; ${limit} allowed.`);
  return size;
}

// esbuild in its portable form: the native one is an optional package of each platform.
async function buildLibrary() {
  const built = await build({
    entryPoints: [join(HERE, "blindrsa.mjs")],
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2020",
    legalComments: "none",
    banner: { js: "/* @cloudflare/blindrsa-ts, Apache-2.0; sjcl, BSD-2-Clause */" },
    write: false,
  });
  const [{ contents }] = built.outputFiles;
  const size = gzipSync(contents).length;
  if (size > LIBRARY_LIMIT) {
    throw new Error(`The library has ${size} bytes gzipped; ${LIBRARY_LIMIT} allowed.`);
  }
  await writeFile(join(TARGET, "blindrsa.js"), contents);
  return size;
}

await rm(TARGET, { recursive: true, force: true });
const fonts = await buildFonts();
await buildPrintFonts();
const styles = buildStyles("sipas.scss");
const size = check(fonts + styles, LIMIT);
const form = formFonts(fonts) + buildStyles("form.scss");
const formSize = check(form, FORM_LIMIT);
await writeFile(join(TARGET, "fonts.css"), fonts);
await writeFile(join(TARGET, "sipas.css"), styles);
await writeFile(join(TARGET, "form.css"), form);
const librarySize = await buildLibrary();
console.log(
  `app/static/dist: ${fonts.length + styles.length} bytes of CSS, ${size} gzipped; ` +
    `${formSize} for a form, ${librarySize} when it is sent`,
);
