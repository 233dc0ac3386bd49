/** The small parts that results are made of. */
import { type Child, element } from "./dom.js";

export function section(title: string, ...children: readonly Child[]): HTMLElement {
  return element("section", {}, element("h3", {}, title), ...children);
}

export function facts(pairs: readonly (readonly [term: string, fact: Child])[]): HTMLElement {
  return element(
    "dl",
    {},
    ...pairs.map(([term, fact]) =>
      element("div", {}, element("dt", {}, term), element("dd", {}, fact)),
    ),
  );
}

export function code(text: string): HTMLElement {
  return element("code", {}, text);
}

const COPIED_MS = 1_500;

/** A value to take along. */
export function copied(what: string, value: string): HTMLElement {
  return element(
    "span",
    { class: "value" },
    code(value),
    copyButton("Copy", what, () => value),
  );
}

export function copyButton(label: string, what: string, text: () => string): HTMLButtonElement {
  const button = element("button", { type: "button", class: "copy" }, label);
  if (what !== "") button.setAttribute("aria-label", `${label} ${what}`);
  button.addEventListener("click", () => {
    void copy(text()).then((done) => {
      button.textContent = done ? "Copied" : "Not allowed";
      setTimeout(() => {
        button.textContent = label;
      }, COPIED_MS);
    });
  });
  return button;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
