/** Elements of the page. Whatever is handed in as a child becomes text, never markup. */

export type Child = Node | string;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** An element that page.html has. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`page.html has no ${type.name} #${id}`);
  return found;
}

/** A stranger's URL: a link where it leads to the web, and plain text where it does anything else. */
export function foreignLink(url: string): HTMLElement {
  const text = element("bdi", {}, url);
  if (!isWebUrl(url)) return text;
  return element("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, text);
}

export function isWebUrl(url: string): boolean {
  return /^https?:$/.test(parsedUrl(url)?.protocol ?? "");
}

export function parsedUrl(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
