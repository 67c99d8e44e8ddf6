// Words in the visitor's language: the configuration's, else those that came with the page.

const shipped = JSON.parse(document.getElementById("texts").textContent);

/** A function that says texts by their key: say("again", {seconds: 3}). */
export function speaker(language, config = null) {
  const fallback = config?.default_language ?? "vi";
  const books = [
    config?.texts?.[language], shipped[language], config?.texts?.[fallback], shipped.vi,
  ];
  return (key, values = {}) => {
    const text = books.find((book) => book?.[key])?.[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  };
}

/** A label of the questionnaire in the visitor's language. */
export function reader(language, config) {
  return (labels) => labels?.[language] ?? labels?.[config.default_language] ?? labels?.vi ?? "";
}

export const shippedLanguages = Object.keys(shipped);
