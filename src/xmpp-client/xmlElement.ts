/** XML as plain data: what every XMPP library can be turned into, and back. */

export interface XmlElement {
  /** Without a prefix. */
  readonly name: string;
  /** `xmlns` is there where the namespace is another one than the parent's. */
  readonly attrs: Readonly<Record<string, string | undefined>>;
  readonly children: readonly (XmlElement | string)[];
}

export function element(
  name: string,
  attrs: XmlElement["attrs"] = {},
  ...children: XmlElement["children"]
): XmlElement {
  return { name, attrs, children };
}

/** The first child of this name in this namespace, which is not that of the parent; null where there is none. */
export function childOf(parent: XmlElement, name: string, xmlns: string): XmlElement | null {
  return (
    childrenOf(parent).find((one) => one.name === name && one.attrs["xmlns"] === xmlns) ?? null
  );
}

export function childrenOf({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((child) => typeof child !== "string");
}

/** The text in it. Null where it is longer, or where elements stand in it. */
export function textOf({ children }: XmlElement, longest: number): string | null {
  let text = "";
  for (const child of children) {
    if (typeof child !== "string" || text.length + child.length > longest) return null;
    text += child;
  }
  return text;
}
