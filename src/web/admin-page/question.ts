/** Asks once more before anything is done. Esc and Cancel close it, and the focus goes back to where it was. A question ends as it closes, not when the browser tells so. */
import { byId, type Child } from "../page-parts/dom.js";
import type { Scene } from "./scene.js";
import type { Trouble } from "./trouble.js";
import { troubleOf } from "./trouble.js";

export interface Question {
  readonly title: string;
  readonly text: readonly Child[];
  /** Something that the person has to write; null for nothing. */
  readonly answer: { readonly label: string; readonly missing: string } | null;
  /** On the button that does it. */
  readonly yes: string;
  /** Does it. What it throws is shown in the question, but for what ends it (`ends`). */
  readonly act: (answer: string) => Promise<void>;
  /** A trouble after which asking again makes no sense. */
  readonly ends: (trouble: Trouble) => boolean;
}

const dialog = () => byId("question", HTMLDialogElement);
const field = () => byId("answer", HTMLTextAreaElement);

/** Its end: done, a trouble that ended it, or null where the person does not want it. */
export function askOnceMore(
  { signal }: Pick<Scene, "signal">,
  question: Question,
): Promise<"done" | Trouble | null> {
  show(question);
  return new Promise((resolve) => {
    let end: "done" | Trouble | null = null;
    let isActing = false;
    const listening = new AbortController();
    const on = { signal: listening.signal };
    const close = () => {
      dialog().close();
      closed();
    };
    const closed = () => {
      listening.abort();
      resolve(end);
    };
    const answer = async () => {
      const text = field().value.trim();
      if (question.answer !== null && text === "") {
        showProblem(question.answer.missing);
        field().focus();
        return;
      }
      isActing = true;
      setBusy(true);
      const trouble = await troubleWith(question, text);
      // the view was left meanwhile: what is open now is another question
      if (listening.signal.aborted) return;
      isActing = false;
      setBusy(false);
      if (trouble === null || question.ends(trouble)) {
        end = trouble ?? "done";
        close();
      } else {
        showProblem(problemText(trouble));
        // a button that could not be pressed has lost it
        byId("question-yes", HTMLButtonElement).focus();
      }
    };
    byId("question-form", HTMLFormElement).addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        if (!isActing) void answer();
      },
      on,
    );
    byId("question-no", HTMLButtonElement).addEventListener("click", close, on);
    dialog().addEventListener(
      "cancel",
      (event) => {
        event.preventDefault();
        // what is under way cannot be taken back by Esc
        if (!isActing) close();
      },
      on,
    );
    // Closed by the browser alone. It tells so a frame later, when the next question may be open: that one stays.
    dialog().addEventListener(
      "close",
      () => {
        if (!dialog().open) closed();
      },
      on,
    );
    // the view is left, or its session is over
    signal.addEventListener("abort", close, on);
    dialog().showModal();
    (question.answer === null ? byId("question-no", HTMLButtonElement) : field()).focus();
  });
}

/** Does it; null where that went well. */
async function troubleWith({ act }: Question, answer: string): Promise<Trouble | null> {
  try {
    await act(answer);
    return null;
  } catch (thrown) {
    return troubleOf(thrown);
  }
}

function show({ title, text, answer, yes }: Question): void {
  byId("question-title", HTMLElement).textContent = title;
  byId("question-text", HTMLElement).replaceChildren(...text);
  byId("question-field", HTMLElement).hidden = answer === null;
  byId("answer-label", HTMLElement).textContent = answer?.label ?? "";
  byId("question-yes", HTMLButtonElement).textContent = yes;
  field().value = "";
  showProblem("");
  setBusy(false);
}

function showProblem(problem: string): void {
  byId("answer-problem", HTMLElement).textContent = problem;
  if (problem === "") field().removeAttribute("aria-invalid");
  else field().setAttribute("aria-invalid", "true");
}

function setBusy(isBusy: boolean): void {
  for (const id of ["question-yes", "question-no"]) byId(id, HTMLButtonElement).disabled = isBusy;
  field().readOnly = isBusy;
}

function problemText({ kind, message, requestId }: Trouble): string {
  if (kind !== "unknown") return message;
  const id = requestId === null ? "" : ` (request id ${requestId})`;
  return `${message} It is not known whether it was done${id}. To ask for it again is safe.`;
}
