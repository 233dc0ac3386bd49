/** The suite that every network passes, on a bridge for e-mail and a real postfix. */
import { holdsTheNetworkContract } from "../messaging/networkContract.js";
import { postfixProvider } from "./contractProvider.js";
import { openMailContractScene } from "./contractScene.js";

holdsTheNetworkContract("e-mail, through a bridge and postfix", () =>
  openMailContractScene(postfixProvider),
);
