/** Signing in: by an API key of the domain, or by its owner's wallet, which opens a session. */
import { byId, isWebUrl } from "../page-parts/dom.js";
import { walletChoice } from "../page-parts/walletChoice.js";
import { openSession, signInByKey, SignInProblem } from "./credentials.js";
import type { SignedIn } from "./signedIn.js";

export interface SignInForm {
  /** @param notice why the person is here, where that is not their own wish; empty otherwise */
  show(notice: string): void;
  hide(): void;
}

const API_KEY = /^signpost_[A-Za-z0-9_-]{43}$/;
const NO_KEY_FORM = "This is no API key: one has signpost_ and 43 more characters.";

export function signInForm(
  onSignedIn: (signedIn: SignedIn, staysInTab: boolean) => void,
  announce: (sentence: string) => void,
): SignInForm {
  const section = byId("sign-in", HTMLElement);
  const keyInput = byId("api-key", HTMLInputElement);
  const domainInput = byId("domain-name", HTMLInputElement);
  const onlyLook = byId("only-look", HTMLInputElement);
  const wallets = walletChoice({
    none: "This browser shows no wallet to this page. Install or unlock one, or use an API key.",
    use: "It signs once, for an hour on this page. Nothing of a name changes, and it costs nothing.",
  });

  on("by-key", async () => {
    const apiKey = keyInput.value.trim();
    if (!API_KEY.test(apiKey)) throw new SignInProblem("api-key", NO_KEY_FORM);
    return attempt("use-key", "Looking at the key …", () => signInByKey(apiKey));
  });
  on("by-wallet", async () => {
    const domain = domainInput.value.trim();
    if (domain === "" || isWebUrl(domain)) {
      throw new SignInProblem("domain-name", "Type the domain, such as users.example.eth.");
    }
    const wallet = wallets.chosen();
    if (wallet === null) throw new SignInProblem("wallet", wallets.problem() ?? "");
    const wish = { domain, wallet, isOnlyLooking: onlyLook.checked };
    return attempt("use-wallet", "Look into your wallet …", () => openSession(wish));
  });

  function on(form: string, signIn: () => Promise<SignedIn>): void {
    byId(form, HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      clear();
      signIn().then(
        (signedIn) => {
          onSignedIn(signedIn, byId("stay", HTMLInputElement).checked);
        },
        (thrown: unknown) => {
          showProblem(thrown);
        },
      );
    });
  }

  async function attempt(
    button: string,
    doing: string,
    signIn: () => Promise<SignedIn>,
  ): Promise<SignedIn> {
    const pressed = byId(button, HTMLButtonElement);
    const label = pressed.textContent;
    const buttons = ["use-key", "use-wallet"].map((id) => byId(id, HTMLButtonElement));
    for (const one of buttons) one.disabled = true;
    pressed.textContent = doing;
    announce(doing);
    try {
      return await signIn();
    } finally {
      for (const one of buttons) one.disabled = false;
      pressed.textContent = label;
    }
  }

  function showProblem(thrown: unknown): void {
    const { field, message } =
      thrown instanceof SignInProblem
        ? thrown
        : { field: "api-key", message: `This page failed: ${String(thrown)}` };
    byId(`${field}-problem`, HTMLElement).textContent = message;
    announce(message);
    const input = field === "wallet" ? wallets.input() : byId(field, HTMLInputElement);
    input?.setAttribute("aria-invalid", "true");
    (input ?? byId("use-wallet", HTMLButtonElement)).focus();
  }

  function clear(): void {
    for (const field of ["api-key", "domain-name", "wallet"]) {
      byId(`${field}-problem`, HTMLElement).textContent = "";
    }
    for (const input of [keyInput, domainInput, wallets.input()]) {
      input?.removeAttribute("aria-invalid");
    }
  }

  return {
    show: (notice) => {
      clear();
      const place = byId("sign-in-notice", HTMLElement);
      place.textContent = notice;
      place.hidden = notice === "";
      section.hidden = false;
      announce(notice);
      if (notice === "") keyInput.focus();
      else byId("sign-in-heading", HTMLElement).focus();
    },
    hide: () => {
      section.hidden = true;
      // it is in memory now, and not to be read out of the field
      keyInput.value = "";
    },
  };
}
