/** A page that a capability serves: a document, a style sheet and a script, which `npm run build` makes. */

export interface Page {
  /** Where it is served, without slashes; its style sheet and its script are below that. */
  readonly path: string;
  /** The folder of its files below dist. */
  readonly built: string;
  /** As people call it: "lookup page". */
  readonly title: string;
  /** That serves it. */
  readonly capability: string;
  /** The servers that it may ask, as `connect-src` of its Content-Security-Policy has them. */
  readonly mayAsk: string;
  /** Further directives of that policy. */
  readonly furtherPolicy: readonly string[];
}

/** What the page may do; its document says the same, but for who may frame it, for hosts that send no headers. */
export function policyOf({ mayAsk, furtherPolicy }: Page): string {
  return [
    ...["default-src 'none'", "script-src 'self'", "style-src 'self'", `connect-src ${mayAsk}`],
    ...["base-uri 'none'", "form-action 'none'", ...furtherPolicy, "frame-ancestors 'none'"],
  ].join("; ");
}
