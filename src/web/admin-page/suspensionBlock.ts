/** Suspends a name and serves it again, each asked once more, and only while the name is as the person saw it. */
import type { NameAnswer } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { facts } from "../page-parts/facts.js";
import { askOnceMore, type Question } from "./question.js";
import type { Scene } from "./scene.js";
import { Trouble } from "./trouble.js";
import { block, foreign, moment } from "./values.js";

const CHANGED =
  "Somebody changed this name after you read it, so nothing was done. Look at it as it is now, and decide again.";

export function suspensionBlock(scene: Scene, name: NameAnswer): HTMLElement {
  const { suspension } = name;
  if (suspension === null) {
    const sentence = "Clients find it. Suspended, it is answered like an absent one.";
    return block(
      "Served",
      element("p", {}, sentence),
      actionOf(scene, "Suspend …", suspending(scene, name)),
    );
  }
  const { by, reason, atMs } = suspension;
  const isOperators = by === "admin";
  const shown: (readonly [string, Child])[] = [
    ["Reason", foreign(reason)],
    ["By", isOperators ? "the operator of this service" : "the domain’s service"],
    ["Since", moment(atMs)],
  ];
  const action = isOperators
    ? element("p", { class: "detail" }, "Only the operator serves it again.")
    : actionOf(scene, "Serve again …", servingAgain(scene, name));
  const made = block("Suspended", facts(shown), action);
  made.classList.add("suspended");
  return made;
}

function suspending({ client }: Scene, { name, version }: NameAnswer): Question & Doing {
  return {
    title: `Suspend ${name}?`,
    text: [
      element(
        "p",
        {},
        "Clients find it no more, within minutes. Its owner and its history see the reason.",
      ),
    ],
    answer: { label: "Reason", missing: "Say why: the owner of the name reads it." },
    yes: "Suspend",
    done: `${name} is suspended.`,
    ends,
    act: async (reason) => {
      const done = await client.names.suspend(name, reason, { onlyIf: { version } });
      if (done === null) throw goneMeanwhile(name);
    },
  };
}

function servingAgain(
  { client }: Scene,
  { name, version, suspension }: NameAnswer,
): Question & Doing {
  return {
    title: `Serve ${name} again?`,
    text: [
      element("p", {}, "Clients find it again, with all that it had."),
      element("p", {}, "It was suspended because: ", foreign(suspension?.reason ?? "")),
    ],
    answer: null,
    yes: "Serve again",
    done: `${name} is served again.`,
    ends,
    act: async () => {
      const done = await client.names.unsuspend(name, { onlyIf: { version } });
      if (done === null) throw goneMeanwhile(name);
    },
  };
}

function goneMeanwhile(name: string): Trouble {
  return new Trouble("absent", `${name} was deleted after you read it.`);
}

/** Where the name is another one now, or this person is nobody any more. */
const ends = ({ kind }: Trouble) => ["changed", "absent", "signedOut"].includes(kind);

interface Doing {
  /** What is told when it was done. */
  readonly done: string;
}

function actionOf(scene: Scene, label: string, question: Question & Doing): HTMLElement {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", () => {
    void askOnceMore(scene, question).then((end) => {
      if (scene.signal.aborted || end === null) return;
      if (end === "done") scene.showAgain(question.done);
      else if (end.kind === "signedOut") scene.signedOut();
      else scene.showAgain(end.kind === "changed" ? CHANGED : end.message);
    });
  });
  return element("p", { class: "actions" }, button);
}
