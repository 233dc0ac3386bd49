/** The capabilities that there are. A new one adds its folder, its rows in the import test, and its line here. */
import type { Capability } from "../service/capability.js";
import { adminPage } from "./admin-page/adminPage.js";
import { lookupPage } from "./lookup-page/lookupPage.js";
import { mail } from "./mail/mail.js";
import { registry } from "./registry/registry.js";
import { relay } from "./relay/relay.js";
import { status } from "./status/status.js";
import { storage } from "./storage/storage.js";
import { xmpp } from "./xmpp/xmpp.js";

/** In the order in which a process starts them. */
export const CAPABILITIES: readonly Capability[] = [
  registry,
  relay,
  storage,
  xmpp,
  mail,
  status,
  lookupPage,
  adminPage,
];

/** What `npm start` and `signpost serve` run when nothing is named. */
export const STARTED_BY_DEFAULT: readonly string[] = [
  registry.name,
  status.name,
  lookupPage.name,
  adminPage.name,
];
