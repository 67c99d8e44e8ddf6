// The bar at the lower edge, in reach of a seated person: languages, size, contrast, height, help.

import { element } from "./element.js";
import { TOOLS } from "./visit.js";

const WITH_BAR = new Set(["ask", "more", "helper", "code"]);

export function bar({ config, visit, say }, screen) {
  if (!WITH_BAR.has(screen)) return [];
  const offered = Object.entries(config.languages);
  const languages = offered.map(([code, name]) =>
    element(
      "button",
      { type: "button", lang: code, "data-language": code, "aria-pressed": String(code === visit.language) },
      name,
    ),
  );
  const tools = TOOLS.map((tool) =>
    element(
      "button", { type: "button", "data-tool": tool, "aria-pressed": String(visit.tools.has(tool)) },
      say(tool),
    ),
  );
  const help = config.assisted && screen !== "more" && screen !== "code" && element(
    "button", { type: "button", "data-assisted": true, "aria-pressed": String(Boolean(visit.assisted)) },
    say("assisted"),
  );
  return [
    offered.length > 1 && element("div", { class: "group languages", role: "group", "aria-label": say("languages") }, languages),
    element("div", { class: "group tools", role: "group", "aria-label": say("tools") }, tools, help),
  ].filter(Boolean);
}
