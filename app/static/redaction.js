// Puts the words that are selected in a text into the field of words to cover.
for (const button of document.querySelectorAll("[data-pick]")) {
  const form = button.form;
  const text = form.querySelector("[data-text]");
  const words = form.querySelector("[data-words]");
  button.hidden = false;
  // The selection is gone once the button has the focus in some browsers: keep it before.
  let picked = "";
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const said = selection.toString().trim();
    if (said && selection.anchorNode && text.contains(selection.anchorNode)) picked = said;
  });
  button.addEventListener("click", () => {
    if (picked) {
      words.value = [words.value.trim(), picked.replace(/\s+/g, " ")].filter(Boolean).join("\n");
      picked = "";
    }
    words.focus();
  });
}
