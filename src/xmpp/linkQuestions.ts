/** The IQs of our own: what an app has to know to link its account, linking it, and ending that. */
import type { Element } from "ltx";
import { SignpostError } from "../errors.js";
import type { NetworkEvents } from "../messaging/network.js";
import type { Sender } from "./jid.js";
import { DM3_NS } from "./namespaces.js";
import { xml } from "./xml.js";

type Question = (sender: Sender, query: Element, events: NetworkEvents) => Promise<Element | null>;

const QUESTIONS: Readonly<Record<string, Question>> = {
  "get gateway": async ({ address }, _, events) => {
    const { relayNode, name, sizeLimit } = await events.greeting(address);
    return xml("gateway", {
      xmlns: DM3_NS,
      "relay-node": relayNode,
      name: name ?? undefined,
      "size-limit": String(sizeLimit),
    });
  },
  "set link": async ({ address }, query, events) => {
    const { name } = await events.linked(address, parsed(query.getText()));
    return xml("link", { xmlns: DM3_NS, name });
  },
  "set unlink": async ({ address }, _, events) => {
    await events.unlinked(address);
    return null;
  },
};

/** By type and element; each gives what stands in the result. */
export const LINK_QUESTIONS: ReadonlyMap<string, Question> = new Map(Object.entries(QUESTIONS));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "The text of <link> is no JSON. Send the fields of docs/xmpp-wire.md.",
      {},
      { cause },
    );
  }
}
