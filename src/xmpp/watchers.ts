/** Presence for everybody who watches a DM3 user: nobody tells them that a component came or went. */
import { setTimeout as pause } from "node:timers/promises";
import { formatNativeAddress } from "../messaging/address/nativeAddress.js";
import type { Contact, ContactStore } from "../messaging/network.js";
import type { ComponentStream } from "./componentStream.js";
import { presenceOf } from "./contactName.js";
import { type Domains, jidOf } from "./jid.js";

/** So that the server has time for messages: about 1,000 a second, which is two minutes for 100,000 contacts. */
const PAGE = 200;
const PAUSE_MS = 200;

/**
 * @param mayGoOn asked before each page
 * @throws UNREACHABLE when the connection ends before; DATABASE_UNAVAILABLE
 */
export async function showToWatchers(
  type: "available" | "unavailable",
  contacts: ContactStore,
  domains: Domains,
  stream: ComponentStream,
  mayGoOn: () => boolean,
): Promise<void> {
  let last: Contact | null = null;
  while (mayGoOn()) {
    const page: readonly Contact[] = await contacts.contacts(last, PAGE);
    last = page.at(-1) ?? null;
    if (last === null) return;
    await stream.write(
      page.map(({ native, name }) => {
        const to = formatNativeAddress(native);
        const shown = type === "unavailable" ? type : undefined;
        return presenceOf(jidOf(name, domains), to, name, shown).toString();
      }),
    );
    // the server has read these before the next ones come
    await stream.barrier();
    if (page.length < PAGE) return;
    await pause(PAUSE_MS);
  }
}
