// DOM without innerHTML: element("p", {class: "hint"}, "text", other, …).

const SVG = "http://www.w3.org/2000/svg";

export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** One of the drawings in the page: face-1-of-5, check, … */
export function drawing(name, attributes = {}) {
  const use = fill(document.createElementNS(SVG, "use"), { href: `#${name}` }, []);
  const all = { viewBox: "0 0 100 100", "aria-hidden": "true", focusable: "false", ...attributes };
  return fill(document.createElementNS(SVG, "svg"), all, [use]);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
}
