/**
 * The stanzas of one stream, out of its bytes. Both the bytes and the depth of one stanza are bounded, so that a server that is
 * broken, or is none, fills no memory.
 */
import { StringDecoder } from "node:string_decoder";
import { Element, type Parser } from "ltx";
import LtxParser from "ltx/src/parsers/ltx.js";
import { SignpostError } from "../errors.js";

/** What both servers allow a component unless they are told otherwise. */
export const LONGEST_STANZA = 512 * 1024;
const DEEPEST = 64;

export interface StanzaEvents {
  /** The stream's own start tag, without children. */
  readonly opened: (header: Element) => void;
  readonly stanza: (stanza: Element) => void;
  /** The stream's end tag. */
  readonly closed: () => void;
}

export interface StanzaParser {
  /** @throws UNREACHABLE for what is no XML, and for a stanza over the bounds: the stream is of no use then */
  readonly write: (bytes: Buffer) => void;
}

export function stanzaParser(events: StanzaEvents, longest = LONGEST_STANZA): StanzaParser {
  const decoder = new StringDecoder("utf8"); // characters come in halves
  // its types know no ES modules
  const parser = new (LtxParser as unknown as typeof Parser)();
  let header: Element | null = null;
  let current: Element | null = null;
  let depth = 0;
  /** Since the last stanza ended, in bytes. */
  let open = 0;

  parser.on("startElement", (name: string, attributes: Record<string, string>) => {
    const element = new Element(name, attributes);
    if (header === null) {
      header = element;
      open = 0;
      events.opened(element);
      return;
    }
    if (++depth > DEEPEST) throw unreadable(`has elements more than ${DEEPEST} deep`);
    if (current === null) {
      // namespaces are those of the stream, which the stanza is not kept in
      element.parent = header;
      current = element;
    } else current = current.cnode(element);
  });
  parser.on("endElement", (name: string) => {
    if (current === null) {
      if (name === header?.name) events.closed();
      return;
    }
    if (name !== current.name) throw unreadable("has end tags that match no start tag");
    depth--;
    if (depth > 0) {
      current = current.parent;
      return;
    }
    const stanza = current;
    current = null;
    open = 0;
    events.stanza(stanza);
  });
  parser.on("text", (text: string) => {
    current?.t(text);
  });

  return {
    write: (bytes) => {
      open += bytes.length;
      if (open > longest + bytes.length) throw unreadable(`has a stanza over ${longest} bytes`);
      try {
        parser.write(decoder.write(bytes));
      } catch (error) {
        if (error instanceof SignpostError) throw error;
        throw unreadable("is no XML", error);
      }
    },
  };
}

function unreadable(problem: string, cause?: unknown): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `What the XMPP server sent ${problem}. Check that host and port are those for components.`,
    { reason: problem },
    { cause },
  );
}
