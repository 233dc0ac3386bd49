/** The beginning of a component's stream (XEP-0114, section 3), from the socket to the first stanza. */
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { Element } from "ltx";
import { SignpostError } from "../errors.js";
import { COMPONENT_NS, STREAM_NS } from "./namespaces.js";
import { stanzaParser } from "./stanzaParser.js";
import { type ServerPlace, streamError, unreachableServer } from "./streamErrors.js";
import { attributeOf, xml } from "./xml.js";

export interface ComponentPlace extends ServerPlace {
  readonly secret: string;
}

/** What is told of an open stream. */
export interface StreamEvents {
  readonly stanza: (stanza: Element) => void;
  /** Once; null after an end tag that nobody complained before. */
  readonly ended: (error: SignpostError | null) => void;
}

/**
 * Connects and authenticates.
 * @throws UNREACHABLE, INVALID_CONFIGURATION for what only an operator can mend
 */
export function openSocket(
  place: ComponentPlace,
  timeoutMs: number,
  events: StreamEvents,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: place.host, port: place.port, noDelay: true });
    let isOpen = false;
    let isOver = false;
    const end = (error: SignpostError | null) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      socket.destroy();
      if (isOpen) events.ended(error);
      else reject(error ?? unreachableServer(place, "it ended the connection at once"));
    };
    const timer = setTimeout(() => {
      end(unreachableServer(place, `it did not finish the handshake within ${timeoutMs} ms`));
    }, timeoutMs);

    const parser = stanzaParser({
      opened: (header) => {
        const id = attributeOf(header, "id");
        if (!header.is("stream", STREAM_NS)) {
          end(unreachableServer(place, "what listens there is no XMPP server"));
        } else if (id !== null && attributeOf(header, "xmlns") === COMPONENT_NS) {
          socket.write(xml("handshake", {}, digestOf(id, place.secret)).toString());
        } // otherwise a stream error follows
      },
      stanza: (stanza) => {
        if (isOver) return;
        if (isOpen) {
          inTurn(() => {
            received(stanza);
          });
        } else if (stanza.is("handshake")) open();
        else received(stanza);
      },
      closed: () => {
        inTurn(() => {
          end(null);
        });
      },
    });

    function received(stanza: Element): void {
      if (stanza.is("error", STREAM_NS)) end(streamError(stanza, place));
      else if (isOpen && !isOver) events.stanza(stanza);
    }

    /** What came together with the end of the handshake; null when whoever asked for the socket has it. */
    let early: (() => void)[] | null = null;
    function open(): void {
      isOpen = true;
      clearTimeout(timer);
      const first: (() => void)[] = (early = []);
      socket.pause();
      resolve(socket);
      setImmediate(() => {
        early = null;
        for (const happen of first) happen();
        socket.resume();
      });
    }
    function inTurn(happen: () => void): void {
      if (early === null) happen();
      else early.push(happen);
    }

    socket.on("data", (bytes) => {
      if (isOver) return;
      try {
        parser.write(bytes);
      } catch (error) {
        if (!(error instanceof SignpostError)) throw error;
        end(error);
      }
    });
    socket.on("connect", () => {
      socket.write(streamHeader(place.componentDomain));
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      end(unreachableServer(place, reasonOf(error), error));
    });
    socket.on("close", () => {
      end(unreachableServer(place, "the connection was cut"));
    });
  });
}

function streamHeader(componentDomain: string): string {
  const tag = xml("stream:stream", {
    xmlns: COMPONENT_NS,
    "xmlns:stream": STREAM_NS,
    to: componentDomain,
  }).toString();
  return `<?xml version="1.0"?>${tag.replace(/\/>$/, ">")}`;
}

function digestOf(streamId: string, secret: string): string {
  return createHash("sha1").update(streamId).update(secret).digest("hex");
}

function reasonOf({ code = "" }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ECONNREFUSED":
      return "it refused the connection";
    case "ENOTFOUND":
      return "there is no such host";
    default:
      return code === "" ? "the connection failed" : `the connection failed (${code})`;
  }
}
