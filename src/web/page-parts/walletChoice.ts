/** Which wallet is asked: the only one, or the one that the person chooses. */
import { byId, element } from "./dom.js";
import { injectedWallet, type Wallet, watchWallets } from "./wallets.js";

/** What the page says of wallets in its own place. */
export interface WalletSentences {
  /** Where there is none: what to do instead. */
  readonly none: string;
  /** What the chosen one is asked for. */
  readonly use: string;
}

export interface WalletChoice {
  readonly chosen: () => Wallet | null;
  /** Why there is none to ask; null where there is one. */
  readonly problem: () => string | null;
  /** Where to choose; null where there is nothing to choose from. */
  readonly input: () => HTMLInputElement | null;
  /** By its rdns, the one that was chosen the last time; also where it announces itself later. */
  readonly prefer: (rdns: string) => void;
}

/** In the elements `wallets` and `wallet-hint` of page.html. */
export function walletChoice(sentences: WalletSentences): WalletChoice {
  const list = byId("wallets", HTMLElement);
  const hint = byId("wallet-hint", HTMLElement);
  const announced: { readonly wallet: Wallet; readonly radio: HTMLInputElement }[] = [];
  let preferred = "";
  let isPersonsChoice = false;

  function add(wallet: Wallet): void {
    const radio = element("input", { type: "radio", name: "wallet" });
    if (announced.length === 0) radio.id = "wallet";
    announced.push({ wallet, radio });
    const maker = wallet.rdns === "" ? [] : [" ", element("bdi", { class: "detail" }, wallet.rdns)];
    const name = element("bdi", {}, wallet.name ?? "");
    list.append(element("label", {}, radio, element("span", {}, name, ...maker)));
    show();
  }

  function show(): void {
    list.hidden = announced.length === 0;
    const isNone = announced.length === 0 && injectedWallet() === null;
    hint.textContent = isNone ? sentences.none : sentences.use;
    if (isPersonsChoice) return;
    const isPreferred = ({ wallet }: { readonly wallet: Wallet }) =>
      wallet.rdns !== "" && wallet.rdns === preferred;
    // of several, none is taken by the accident of being the first
    const choice = announced.length === 1 ? announced[0] : announced.find(isPreferred);
    for (const one of announced) one.radio.checked = one === choice;
  }

  const chosen = (): Wallet | null => {
    if (announced.length === 0) return injectedWallet();
    return announced.find(({ radio }) => radio.checked)?.wallet ?? null;
  };

  list.addEventListener("change", () => {
    isPersonsChoice = true;
  });
  show();
  watchWallets(add);
  return {
    chosen,
    problem: () => {
      if (chosen() !== null) return null;
      return announced.length === 0 ? sentences.none : "Choose one of these wallets.";
    },
    input: () => announced[0]?.radio ?? null,
    prefer: (rdns) => {
      preferred = rdns;
      isPersonsChoice = false;
      show();
    },
  };
}
