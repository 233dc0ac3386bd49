/**
 * A small messenger as an app would write it on the SDK's entry: one contact, texts and pictures, and what became of each
 * message. It is bundled with the built entry, and runs in a page of its own.
 */
import { io } from "socket.io-client";
import {
  createMessenger,
  type IncomingMessage,
  indexedDbKeyValue,
  type MessageContent,
  openMessageKeys,
  type OutgoingReport,
} from "../../src/sdk/messages.js";
import type { ChatFacts } from "./chatPage.js";

const facts = (await (await fetch("/facts.json")).json()) as ChatFacts;
const storageKey = Uint8Array.from(atob(facts.storageKey), (character) => character.charCodeAt(0));
const { name, contact, options } = facts;
const form = element("form") as HTMLFormElement;

/** Of sent messages, by their id. */
const sentLines = new Map<string, HTMLElement>();
/** The same, by what receipts refer to. */
const linesByHash = new Map<string, HTMLElement>();

const messenger = createMessenger({
  ...{ ...options, name, io, keys: await openMessageKeys(storageKey) },
  store: indexedDbKeyValue("chat"),
  // longer than a test: what arrives meanwhile was pushed
  pollMs: 600_000,
  onOutgoing: showState,
  onProblem: ({ relayNode, error }) => {
    element("#problems").append(line("problem", `${relayNode}: ${error.code} ${error.message}`));
  },
});

element("h1").textContent = `${name} and ${contact}`;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});
await receive();

async function send(): Promise<void> {
  const written = new FormData(form);
  const text = written.get("text") as string;
  const picture = pictureIn(written);
  const content: MessageContent = {
    ...{ type: "NEW", text },
    ...(picture && { attachments: [{ name: picture.name, data: await dataUriOf(picture) }] }),
  };
  form.reset();
  const report = await messenger.send(contact, content);
  const shown = line("mine", text);
  sentLines.set(report.id, shown);
  element("#messages").append(shown);
  showState((await messenger.outgoing()).find(({ id }) => id === report.id) ?? report);
}

function showState({ id, messageHash, state, acceptedBy, why }: OutgoingReport): void {
  const shown = sentLines.get(id);
  if (shown !== undefined && messageHash !== null) linesByHash.set(messageHash, shown);
  if (shown === undefined || shown.dataset["state"] === "read") return;
  shown.dataset["state"] = state ?? why?.reason ?? "on its way";
  shown.dataset["by"] = acceptedBy ?? "";
}

async function receive(): Promise<void> {
  for await (const message of messenger.messages()) {
    await show(message);
    await messenger.acknowledge(message);
    await messenger.markRead(message);
  }
}

async function show({ content, from, checks }: IncomingMessage): Promise<void> {
  if (content.type === "READ_OPENED") {
    const shown = linesByHash.get(content.reference);
    if (shown !== undefined) shown.dataset["state"] = "read";
  }
  if (content.type !== "NEW") return;
  const shown = line("theirs", content.text);
  shown.dataset["state"] = `from ${from}, ${checks.length} checks`;
  for (const attachment of content.attachments ?? []) {
    const { bytes, mediaType } = await messenger.openAttachment(attachment);
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(new Blob([bytes.slice()], { type: mediaType }));
    shown.append(picture);
  }
  element("#messages").append(shown);
}

function pictureIn(written: FormData): File | null {
  const file = written.get("picture");
  return file instanceof File && file.size > 0 ? file : null;
}

function line(kind: string, text: string): HTMLElement {
  const item = document.createElement("li");
  item.className = kind;
  item.textContent = text;
  return item;
}

function dataUriOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error("unreadable"));
    };
    reader.readAsDataURL(file);
  });
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
}
