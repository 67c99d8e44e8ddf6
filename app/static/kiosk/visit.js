// One person's visit: what was chosen so far, and how the screen was set for this person.

export const TOOLS = ["large", "contrast", "seated"];

export class Visit {
  rating = null; // id of the tap that was thanked
  answers = {}; // factor -> code, reason -> [choice, …]
  typed = {}; // reflection -> text
  right = null; // of the person's own code or link: {token} or {code}
  code = ""; // as far as it is typed
  fault = null; // what is wrong with it: {key, values} or {text}
  turns = false; // the comment shall become a reflection
  turned = ""; // its text, once the rating went without it
  assisted = ""; // who helps: official, relative, other
  tools = new Set();

  constructor(language) {
    this.language = language;
    this.first = language;
  }

  /** Whether anything is set that the next person should not find. */
  get touched() {
    return Boolean(
      this.rating || this.right || this.assisted || this.tools.size || this.language !== this.first,
    );
  }

  choose(factor, code) {
    if (this.answers[factor] === code) delete this.answers[factor];
    else this.answers[factor] = code;
  }

  toggle(question, choice) {
    const chosen = new Set(this.answers[question] ?? []);
    if (!chosen.delete(choice)) chosen.add(choice);
    if (chosen.size) this.answers[question] = [...chosen];
    else delete this.answers[question];
  }

  get comment() {
    return Object.values(this.typed).map((text) => text.normalize("NFC").trim()).filter(Boolean).join("\n\n");
  }

  type(question, text) {
    this.typed[question] = text;
  }

  /** The answers that follow the tap. What was only typed counts when it is sent. */
  details({ withText }) {
    const texts = Object.entries(this.typed)
      .map(([name, text]) => [name, text.normalize("NFC").trim()])
      .filter(([, text]) => withText && text);
    return { ...this.answers, ...Object.fromEntries(texts) };
  }
}
