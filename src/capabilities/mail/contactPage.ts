/** A page about one DM3 user for people with a mail program: how to get the contact. Nothing in it runs, and nothing is loaded. */
import { createHash } from "node:crypto";
import encodeQr from "qr";
import type { VirtualContact } from "./virtualContacts.js";

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; }
svg { display: block; width: min(15rem, 100%); height: auto; margin: 1.5rem 0; padding: .5rem; background: #fff; }
`;

const ABOUT_BRIDGE =
  "<p>This key signs the reports of this bridge about mail that did not arrive. Nobody reads mail to it.</p>";

/** What the page may do: show itself, with this style (CSP 3, section 2.3.1: the hash of an inline style). */
export const CONTACT_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join("; ");

/** @param cardUrl of the contact as a vCard: also what the QR code leads to */
export function contactPage({ is, name, address }: VirtualContact, cardUrl: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(name)}</h1>
${is === "bridge" ? ABOUT_BRIDGE : `<p>Write to ${escaped(name)} by encrypted mail.</p>`}
<p>The address is <strong>${escaped(address)}</strong>.</p>
<ol>
<li><a href="${escaped(cardUrl)}">Get the contact</a> on the device with your mail program, or scan the code with that device.</li>
<li>Open it with your mail program: it holds the address and the key. Delta Chat takes it as an attached contact.</li>
${is === "bridge" ? "" : "<li>Write. Mail that is not encrypted is not taken.</li>"}
</ol>
${encodeQr(cardUrl, "svg", { border: 1 })}
<p>Mail programs that look keys up by themselves (WKD) need the address alone.</p>
</body>
</html>
`;
}

/** For text and quoted attributes of HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
