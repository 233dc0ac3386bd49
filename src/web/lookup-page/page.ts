/** THE MAIN FLOW of the page: a question from form or link, the lookup, and what is shown of it. */
import { byId, element, parsedUrl } from "../page-parts/dom.js";
import { copyButton } from "../page-parts/facts.js";
import { walletChoice } from "../page-parts/walletChoice.js";
import { lookUp, mistake } from "./lookUp.js";
import {
  defaultSettings,
  foreignChoices,
  hostOf,
  isLoopback,
  keepOwn,
  type Link,
  linkFor,
  ownAfter,
  readLink,
  readOwn,
  rpcProblem,
  type Settings,
  withChosen,
  writeLink,
} from "./settings.js";
import { showReport, VERDICTS } from "./showReport.js";
import { defectText, troubles, watchPolicy } from "./troubles.js";

const form = byId("question", HTMLFormElement);
const nameInput = byId("name", HTMLInputElement);
const viaRpc = byId("via-rpc", HTMLInputElement);
const viaWallet = byId("via-wallet", HTMLInputElement);
const rpcInput = byId("rpc", HTMLInputElement);
const universalResolver = byId("universal-resolver", HTMLInputElement);
const ensRegistry = byId("ens-registry", HTMLInputElement);
const allowLoopback = byId("allow-loopback", HTMLInputElement);
const notice = byId("notice", HTMLElement);
const progress = byId("progress", HTMLElement);
const step = byId("step", HTMLElement);
const announcement = byId("announcement", HTMLElement);
const result = byId("result", HTMLElement);

const wallets = walletChoice({
  none: "This browser shows no wallet to this page. Install or unlock one, or give the URL of an RPC node.",
  use: "It is asked to read only: no account, and nothing to sign. Choose Ethereum in it.",
});
const policy = watchPolicy();
const storage = storageOrNull();
let own = readOwn(storage, defaultSettings(location));
/** The link that the page was opened with, until the person uses their own settings again. */
let link: Link = { name: "", chosen: {} };
let running: AbortController | null = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
form.addEventListener("input", () => {
  showVia();
  showNotice();
});
byId("cancel", HTMLButtonElement).addEventListener("click", cancel);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") cancel();
});
window.addEventListener("hashchange", openLink);
openLink();

function openLink(): void {
  link = readLink(location.hash);
  nameInput.value = link.name;
  fillIn(withChosen(own, link));
  showNotice();
  // whom a link wants to be asked is asked only when the person wants it, too
  const isAgreed = foreignChoices(link, own, settingsInForm()).length === 0 || isOfDemo();
  if (link.name === "") nameInput.focus();
  else if (isAgreed && rpcProblem(settingsInForm()) === null) void ask();
  else byId("look-up", HTMLButtonElement).focus();
}

/** Whether page and node are on this computer: then nobody else can have put them there. */
function isOfDemo(): boolean {
  const { via, rpc } = settingsInForm();
  const node = parsedUrl(rpc)?.hostname ?? "";
  return via === "rpc" && isLoopback(node) && isLoopback(location.hostname);
}

async function ask(): Promise<void> {
  running?.abort();
  const name = nameInput.value.trim();
  const settings = settingsInForm();
  clear();
  if (name === "") {
    showProblem(nameInput, "Type a name, such as alice.users.example.eth.");
    return;
  }
  const problem = rpcProblem(settings);
  if (problem !== null) {
    showProblem(rpcInput, problem);
    return;
  }
  const noWallet = settings.via === "wallet" ? wallets.problem() : null;
  if (noWallet !== null) {
    const input = wallets.input();
    if (input === null) showSentence(noWallet);
    else showProblem(input, noWallet);
    return;
  }
  const wallet = settings.via === "wallet" ? wallets.chosen() : null;
  keep(settings);
  const signal = begin();
  try {
    const report = await lookUp({ name, settings, wallet, signal, onStep: showStep(signal) });
    const isUnreachable = report.outcome.status === "unreachable";
    if (isUnreachable) showStep(signal)("Finding out why …");
    const advice = isUnreachable ? await troubles(report, policy.blocked, signal) : [];
    if (signal.aborted) return;
    result.replaceChildren(...showReport(report, advice), shareBar(name, settings));
    result.hidden = false;
    result.firstElementChild?.scrollIntoView({ block: "nearest" });
    const { status, sentence } = report.outcome;
    announcement.textContent = [`${VERDICTS[status]}. ${sentence}`, ...advice].join(" ");
  } catch (error) {
    if (!signal.aborted) showError(error);
  } finally {
    end(signal);
  }
}

/** The page's address becomes a link to this question; an RPC URL stays in it only where it came with it. */
function keep(settings: Settings): void {
  const isOfLink = link.chosen.rpc !== undefined && settings.rpc === link.chosen.rpc;
  history.replaceState(null, "", writeLink(linkFor(nameInput.value.trim(), settings, isOfLink)));
  own = ownAfter(settings, own, link);
  keepOwn(storage, own);
}

function begin(): AbortSignal {
  running = new AbortController();
  policy.clear();
  progress.hidden = false;
  document.body.setAttribute("aria-busy", "true");
  announcement.textContent = "Looking it up.";
  return running.signal;
}

function end(signal: AbortSignal): void {
  if (running?.signal !== signal) return; // the next one has begun
  running = null;
  progress.hidden = true;
  document.body.removeAttribute("aria-busy");
}

function cancel(): void {
  if (running === null) return;
  running.abort();
  announcement.textContent = "Cancelled.";
  nameInput.focus();
}

function showStep(signal: AbortSignal): (text: string) => void {
  return (text) => {
    if (!signal.aborted) step.textContent = text;
  };
}

function clear(): void {
  result.hidden = true;
  result.replaceChildren();
  for (const input of [nameInput, rpcInput, wallets.input()]) {
    if (input !== null) showProblem(input, "");
  }
  announcement.textContent = "";
}

function showError(error: unknown): void {
  const mistaken = mistake(error);
  if (mistaken?.field === "name") {
    showProblem(nameInput, mistaken.sentence);
    return;
  }
  showSentence(mistaken?.sentence ?? defectText(error));
}

/** In place of a result. */
function showSentence(sentence: string): void {
  result.replaceChildren(element("p", { class: "notice" }, sentence));
  result.hidden = false;
  announcement.textContent = sentence;
}

/** Beside the field that it is about; an empty one takes it away. */
function showProblem(input: HTMLInputElement, problem: string): void {
  byId(`${input.id}-problem`, HTMLElement).textContent = problem;
  if (problem === "") {
    input.removeAttribute("aria-invalid");
    return;
  }
  input.setAttribute("aria-invalid", "true");
  input.focus();
  announcement.textContent = problem;
}

function settingsInForm(): Settings {
  return {
    via: viaWallet.checked ? "wallet" : "rpc",
    rpc: rpcInput.value.trim(),
    // it may not have announced itself yet
    wallet: wallets.chosen()?.rdns || own.wallet,
    ensRegistry: ensRegistry.value.trim(),
    universalResolver: universalResolver.value.trim(),
    allowLoopback: allowLoopback.checked,
  };
}

function fillIn(settings: Settings): void {
  viaRpc.checked = settings.via === "rpc";
  viaWallet.checked = settings.via === "wallet";
  rpcInput.value = settings.rpc;
  wallets.prefer(settings.wallet);
  ensRegistry.value = settings.ensRegistry;
  universalResolver.value = settings.universalResolver;
  allowLoopback.checked = settings.allowLoopback;
  showVia();
}

function showVia(): void {
  byId("rpc-field", HTMLElement).hidden = viaWallet.checked;
  byId("wallet-field", HTMLElement).hidden = !viaWallet.checked;
}

/** Whoever runs the node that a link chose decides what is seen here, so that is said. */
function showNotice(): void {
  const foreign = foreignChoices(link, own, settingsInForm());
  notice.hidden = foreign.length === 0;
  if (foreign.length === 0) return;
  const rpc = foreign.includes("rpc") ? [`the RPC node ${hostOf(link.chosen.rpc ?? "")}`] : [];
  const contracts = foreign.some((choice) => choice !== "rpc")
    ? ["the contracts of ENS (under Advanced)"]
    : [];
  const back = element("button", { type: "button" }, "Use my own settings");
  back.addEventListener("click", () => {
    link = { name: link.name, chosen: {} };
    fillIn(own);
    showNotice();
    nameInput.focus();
  });
  notice.replaceChildren(
    `The link that you opened chose ${[...rpc, ...contracts].join(" and ")} to ask. Whoever made the link decides what you see. `,
    back,
  );
}

function shareBar(name: string, settings: Settings): HTMLElement {
  const withRpc = element("input", { type: "checkbox", id: "share-rpc" });
  const url = () => {
    const shared = writeLink(linkFor(name, settings, withRpc.checked));
    return `${location.href.replace(/#.*$/, "")}${shared}`;
  };
  const choice = element(
    "label",
    { class: "choice" },
    withRpc,
    " with the RPC URL, and a key in it",
  );
  return element(
    "p",
    { class: "share" },
    copyButton("Copy link", "", url),
    ...(settings.via === "rpc" ? [choice] : []),
  );
}

/** Null where the browser lets the page keep nothing. */
function storageOrNull(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
